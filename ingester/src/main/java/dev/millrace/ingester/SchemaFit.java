package dev.millrace.ingester;

import dev.millrace.lake.ColumnChange;
import dev.millrace.lake.ColumnSources;
import dev.millrace.lake.EngineType;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.RequiredFields;
import dev.millrace.lake.TypeFit;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.EvolutionPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether a file's columns fit into a dataset. Pure. */
sealed interface SchemaFit {
    /** Begins the type of a decimal, as the engine writes it. */
    String DECIMAL = "DECIMAL(";

    /**
     * They do, once the dataset's columns are changed so; often not at all.
     *
     * @param hashIsComparable whether the lake's rows have the hash that the footer states
     */
    record Fits(List<ColumnChange> changes, boolean hashIsComparable) implements SchemaFit {}

    /** They do not, and this is why. */
    record Misfit(String message) implements SchemaFit {}

    /**
     * Compares.
     *
     * @param table the dataset's columns in the lake, renamed as the contract says
     * @param file the file's columns with the types that the engine reads them as
     */
    static SchemaFit of(Contract contract, List<LakeColumn> table, List<LakeColumn> file) {
        ColumnSources sources = new ColumnSources(contract.aliases(), table);
        Map<String, LakeColumn> byColumn = new LinkedHashMap<>();
        for (LakeColumn column : file) {
            LakeColumn twin =
                    byColumn.putIfAbsent(sources.columnOf(column.name()).orElse(column.name()), column);
            if (twin != null) {
                return new Misfit("it has the columns '" + twin.name() + "' and '" + column.name()
                        + "', which the contract takes for one; a file may have one of them");
            }
        }
        Optional<String> missing = missing(contract, byColumn);
        if (missing.isPresent()) {
            return new Misfit(missing.orElseThrow());
        }
        Map<String, LakeColumn> tableColumns = byName(table, LakeColumn::name);
        Map<String, Column> contractColumns = byName(contract.columns(), Column::name);
        List<ColumnChange> changes = new ArrayList<>();
        for (Map.Entry<String, LakeColumn> entry : byColumn.entrySet()) {
            String name = entry.getKey();
            LakeColumn column = entry.getValue();
            Optional<LakeColumn> inTable = Optional.ofNullable(tableColumns.get(name));
            if (inTable.isEmpty() && contract.evolution() == EvolutionPolicy.STRICT) {
                return new Misfit("the column '" + column.name() + "' (" + column.type()
                        + ") is not in the dataset and the evolution policy is strict; the dataset has "
                        + tableColumns.keySet());
            }
            if (inTable.isEmpty() && tableColumns.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
                return new Misfit(
                        "the column '" + name + "' differs from one of the dataset in upper and lower case only");
            }
            // What the contract names is added as the contract has it, whichever file comes first.
            String type = inTable.map(LakeColumn::type)
                    .or(() -> Optional.ofNullable(contractColumns.get(name))
                            .map(planned -> planned.type().sql()))
                    .orElse(column.type());
            EngineType wanted = EngineType.parse(type);
            TypeFit fit = TypeFit.ofFile(name, wanted, column.engineType());
            if (fit instanceof TypeFit.NeedsFields needed && contract.evolution() == EvolutionPolicy.STRICT) {
                return new Misfit("the field '" + needed.fields().get(0).subject()
                        + "' is not in the dataset and the evolution policy is strict: the column '" + column.name()
                        + "' has the type " + column.type() + " in the file and " + type + " in the dataset");
            }
            Optional<EngineType> wider = contract.evolution() == EvolutionPolicy.WIDEN && fit instanceof TypeFit.Differs
                    ? TypeFit.union(wanted, column.engineType())
                    : Optional.empty();
            if (fit instanceof TypeFit.Differs && wider.isEmpty()) {
                return new Misfit("the column '" + column.name() + "' has the type " + column.type()
                        + " in the file and " + type + " in the " + (inTable.isPresent() ? "dataset" : "contract"));
            }
            if (inTable.isPresent() && wider.isPresent()) {
                changes.add(new ColumnChange.ColumnWidened(name, wanted, wider.orElseThrow()));
            } else if (inTable.isEmpty()) {
                changes.add(new ColumnChange.ColumnAdded(
                        name, TypeFit.union(wanted, column.engineType()).orElse(wanted)));
            } else if (fit instanceof TypeFit.NeedsFields needed) {
                changes.addAll(needed.fields());
            }
        }
        return new Fits(
                List.copyOf(changes),
                byColumn.entrySet().stream()
                        .allMatch(
                                entry -> entry.getKey().equals(entry.getValue().name())
                                        && Optional.ofNullable(tableColumns.get(entry.getKey()))
                                                .map(inTable -> haveSameText(
                                                        inTable.engineType(),
                                                        entry.getValue().engineType()))
                                                .orElse(true)));
    }

    /** The hash of rows is one of names and texts, and the text of a decimal has all digits of its scale, however many stand before. */
    private static boolean haveSameText(EngineType table, EngineType file) {
        if (table instanceof EngineType.ListOf a && file instanceof EngineType.ListOf b) {
            return haveSameText(a.element(), b.element());
        }
        if (table instanceof EngineType.MapOf a && file instanceof EngineType.MapOf b) {
            return haveSameText(a.value(), b.value());
        }
        if (table instanceof EngineType.StructOf a && file instanceof EngineType.StructOf b) {
            return b.fields().stream().allMatch(field -> a.field(field.name())
                    .map(inTable -> haveSameText(inTable.type(), field.type()))
                    .orElse(true));
        }
        return !table.sql().startsWith(DECIMAL)
                || table.equals(file)
                || scale(table).equals(scale(file));
    }

    private static String scale(EngineType type) {
        return type.sql().startsWith(DECIMAL) ? type.sql().substring(type.sql().lastIndexOf(',')) : "";
    }

    /** What the contract requires and the file does not have. */
    private static Optional<String> missing(Contract contract, Map<String, LakeColumn> byColumn) {
        for (Column column : contract.columns()) {
            LakeColumn inFile = byColumn.get(column.name());
            if (inFile == null && contract.requires(column)) {
                return Optional.of("the column '" + column.name()
                        + "', which the contract requires, is missing; the file has "
                        + byColumn.values().stream().map(LakeColumn::name).toList());
            }
            if (inFile != null
                    && TypeFit.ofFile(
                                    column.name(),
                                    inFile.engineType(),
                                    EngineType.parse(column.type().sql()))
                            instanceof TypeFit.NeedsFields absent) {
                List<String> required = RequiredFields.of(column);
                Optional<ColumnChange.FieldAdded> field = absent.fields().stream()
                        .filter(f -> required.contains(f.subject()))
                        .findFirst();
                if (field.isPresent()) {
                    return field.map(f -> "the field '" + f.subject()
                            + "', which the contract requires, is missing; the column '" + inFile.name()
                            + "' has the type " + inFile.type() + " in the file");
                }
            }
        }
        return Optional.empty();
    }

    private static <T> Map<String, T> byName(List<T> columns, Function<T, String> name) {
        return columns.stream().collect(Collectors.toMap(name, column -> column, (a, b) -> a, LinkedHashMap::new));
    }
}
