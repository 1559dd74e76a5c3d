package dev.millrace.ingester;

import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.WiderTypes;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.EvolutionPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a file's columns fit into a dataset. Pure. */
sealed interface SchemaFit {
    /** They do, once these columns are added to the dataset; often none. */
    record Fits(List<LakeColumn> newColumns) implements SchemaFit {}

    /** They do not, and this is why. */
    record Misfit(String message) implements SchemaFit {}

    /**
     * Compares.
     *
     * @param table the dataset's columns in the lake
     * @param file the file's columns with the types that the engine reads them as
     */
    static SchemaFit of(Contract contract, List<LakeColumn> table, List<LakeColumn> file) {
        Map<String, String> tableTypes = types(table);
        Map<String, String> fileTypes = types(file);
        Optional<String> problem = contract.columns().stream()
                .filter(contract::requires)
                .map(Column::name)
                .filter(name -> !fileTypes.containsKey(name))
                .findFirst()
                .map(name -> "the column '" + name + "', which the contract requires, is missing; the file has "
                        + fileTypes.keySet());
        if (problem.isPresent()) {
            return new Misfit(problem.orElseThrow());
        }
        List<LakeColumn> added = new ArrayList<>();
        for (LakeColumn column : file) {
            String type = tableTypes.get(column.name());
            if (type == null) {
                if (contract.evolution() == EvolutionPolicy.STRICT) {
                    return new Misfit("the column '" + column.name() + "' (" + column.type()
                            + ") is not in the dataset and the evolution policy is strict; the dataset has "
                            + tableTypes.keySet());
                }
                if (tableTypes.keySet().stream().anyMatch(column.name()::equalsIgnoreCase)) {
                    return new Misfit("the column '" + column.name()
                            + "' differs from one of the dataset in upper and lower case only");
                }
                added.add(column);
            } else if (!type.equals(column.type()) && !WiderTypes.holds(type, column.type())) {
                return new Misfit("the column '" + column.name() + "' has the type " + column.type()
                        + " in the file and " + type + " in the dataset");
            }
        }
        return new Fits(List.copyOf(added));
    }

    private static Map<String, String> types(List<LakeColumn> columns) {
        return columns.stream()
                .collect(Collectors.toMap(LakeColumn::name, LakeColumn::type, (a, b) -> a, LinkedHashMap::new));
    }
}
