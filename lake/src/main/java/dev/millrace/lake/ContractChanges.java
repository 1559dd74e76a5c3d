package dev.millrace.lake;

import dev.millrace.lake.ContractChange.Effect;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.EvolutionPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What a contract would change in the dataset that the lake has. Pure. */
final class ContractChanges {
    private final Contract contract;
    private final Map<String, String> lakeTypes;
    private final UnaryOperator<String> canonical;

    /**
     * @param columns of the dataset in the lake
     * @param canonical gives the engine's own spelling of a type
     */
    ContractChanges(Contract contract, List<LakeColumn> columns, UnaryOperator<String> canonical) {
        this.contract = contract;
        this.lakeTypes = columns.stream()
                .collect(Collectors.toMap(LakeColumn::name, LakeColumn::type, (a, b) -> a, LinkedHashMap::new));
        this.canonical = canonical;
    }

    /** The columns that the contract has more than the lake, whether they may be added or not. */
    List<LakeColumn> newColumns() {
        return contract.columns().stream()
                .filter(column -> !lakeTypes.containsKey(column.name()))
                .map(column -> new LakeColumn(
                        column.name(), canonical.apply(column.type().sql())))
                .toList();
    }

    /**
     * All of them, in the order of the contract.
     *
     * @param partitionBy as the lake has it
     */
    List<ContractChange> all(List<String> partitionBy) {
        List<ContractChange> changes = new ArrayList<>();
        if (!partitionBy.equals(contract.partitionBy())) {
            changes.add(new ContractChange(
                    Effect.BREAKS,
                    "partition-by",
                    "the dataset is partitioned by " + partitionBy + " in the lake and by " + contract.partitionBy()
                            + " in the contract; set partition-by to what the lake has, or use a new dataset"));
        }
        for (Column column : contract.columns()) {
            String lakeType = lakeTypes.get(column.name());
            if (lakeType == null) {
                changes.add(added(column));
            } else if (!lakeType.equals(canonical.apply(column.type().sql()))) {
                changes.add(new ContractChange(
                        Effect.BREAKS,
                        column.name(),
                        "the column '" + column.name() + "' has the type " + lakeType + " in the lake and "
                                + column.type().sql()
                                + " in the contract; types can't be changed in place, not even to a wider one, after which"
                                + " the engine loses rows in filters. Use a new column or a new dataset"));
            }
        }
        Set<String> names = contract.columns().stream().map(Column::name).collect(Collectors.toSet());
        lakeTypes.keySet().stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> changes.add(new ContractChange(
                        Effect.FREE,
                        name,
                        "the column '" + name
                                + "' is not in the contract; it stays in the lake, and files may bring it or not")));
        return changes;
    }

    private ContractChange added(Column column) {
        if (column.required()) {
            return new ContractChange(
                    Effect.BREAKS,
                    column.name(),
                    "the contract requires the column '" + column.name()
                            + "', which the rows in the lake do not have; make it a union with null");
        }
        if (contract.evolution() == EvolutionPolicy.STRICT) {
            return new ContractChange(
                    Effect.BREAKS,
                    column.name(),
                    "the lake does not have the column '" + column.name()
                            + "' and the contract's evolution policy is strict; set 'evolution: add-columns' to add it");
        }
        return new ContractChange(
                Effect.STEP,
                column.name(),
                "the column '" + column.name() + "' (" + column.type().sql()
                        + ") is added by 'millrace init', or by the first file that brings it; NULL in the rows that there are");
    }
}
