package dev.millrace.lake;

import dev.millrace.lake.ContractChange.Effect;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.LakeType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a contract would change in the dataset that the lake has. Pure. */
final class ContractChanges {
    private final Contract contract;
    private final Map<String, ColumnChange.ColumnRenamed> renamesByFormerName = new LinkedHashMap<>();
    private final Map<String, String> lakeTypes = new LinkedHashMap<>();

    /** @param columns of the dataset in the lake */
    ContractChanges(Contract contract, List<LakeColumn> columns) {
        this.contract = contract;
        Set<String> names = columns.stream().map(LakeColumn::name).collect(Collectors.toSet());
        for (Column column : contract.columns()) {
            List<String> former = formerNames(column, names);
            if (!names.contains(column.name()) && former.size() == 1) {
                renamesByFormerName.put(former.get(0), new ColumnChange.ColumnRenamed(former.get(0), column.name()));
            }
        }
        columns.forEach(column -> lakeTypes.putIfAbsent(nameAfter(column.name()), column.type()));
    }

    /** The columns that the lake has under a former name. */
    List<ColumnChange> renames() {
        return List.copyOf(renamesByFormerName.values());
    }

    /** The columns of the lake once they are renamed, and not changed otherwise. */
    List<LakeColumn> renamed() {
        return lakeTypes.entrySet().stream()
                .map(column -> new LakeColumn(column.getKey(), column.getValue()))
                .toList();
    }

    /** What may be done to the lake's columns, in the order in which it has to be: renamed first. */
    List<ColumnChange> steps() {
        List<ColumnChange> steps = new ArrayList<>(renames());
        for (Column column : contract.columns()) {
            String lakeType = lakeTypes.get(column.name());
            if (lakeType == null) {
                steps.add(new ColumnChange.ColumnAdded(column.name(), engineType(column)));
            } else if (fit(column, lakeType) instanceof TypeFit.NeedsFields needed) {
                steps.addAll(needed.fields());
            } else {
                widened(column, lakeType).ifPresent(steps::add);
            }
        }
        return steps;
    }

    /** The wider type that the contract asks for; absent where it asks for none, or may not. */
    private Optional<ColumnChange.ColumnWidened> widened(Column column, String lakeType) {
        EngineType lake = EngineType.parse(lakeType);
        return both(column, lakeType)
                .filter(type -> contract.evolution() == EvolutionPolicy.WIDEN)
                .filter(type -> !type.equals(lake))
                .map(type -> new ColumnChange.ColumnWidened(column.name(), lake, type));
    }

    /** The type that holds the values of both, where the contract's is not the lake's. */
    private static Optional<EngineType> both(Column column, String lakeType) {
        return fit(column, lakeType) instanceof TypeFit.Differs
                ? TypeFit.union(EngineType.parse(lakeType), engineType(column))
                : Optional.empty();
    }

    /**
     * All of them, in the order of the contract.
     *
     * @param partitionBy as the lake has it
     * @param size of the dataset, asked for where its rows would have to be written anew
     */
    List<ContractChange> all(List<String> partitionBy, Supplier<RewriteSize> size) {
        List<ContractChange> changes = new ArrayList<>();
        if (!partitionBy.stream().map(this::nameAfter).toList().equals(contract.partitionBy())) {
            changes.add(new ContractChange(
                    Effect.BREAKS,
                    "partition-by",
                    "the dataset is partitioned by " + partitionBy + " in the lake and by " + contract.partitionBy()
                            + " in the contract; set partition-by to what the lake has, or use a new dataset"));
        }
        for (Column column : contract.columns()) {
            changes.addAll(of(column, size));
        }
        Set<String> names = contract.columns().stream().map(Column::name).collect(Collectors.toSet());
        lakeTypes.keySet().stream()
                .filter(name -> !names.contains(name))
                .filter(name -> contract.aliases().columnOf(name).isEmpty())
                .forEach(name -> changes.add(new ContractChange(
                        Effect.FREE,
                        name,
                        "the column '" + name
                                + "' is not in the contract; it stays in the lake, and files may bring it or not")));
        return changes;
    }

    private List<ContractChange> of(Column column, Supplier<RewriteSize> size) {
        String name = column.name();
        List<String> former = formerNames(column, lakeTypes.keySet());
        if (!former.isEmpty()) {
            return List.of(new ContractChange(
                    Effect.BREAKS,
                    name,
                    "the contract takes the columns " + former
                            + (lakeTypes.containsKey(name) ? " and '" + name + "'" : "")
                            + " for the same, and the lake has each of them; take the aliases out of the schema, or"
                            + " move the values into one column and drop the others by SQL"));
        }
        List<ContractChange> changes = new ArrayList<>();
        renamesByFormerName.values().stream()
                .filter(rename -> rename.to().equals(name))
                .forEach(rename -> changes.add(new ContractChange(
                        Effect.STEP,
                        name,
                        rename
                                + " by 'millrace init', or by the next ingest; the rows stay as they are, queries have"
                                + " to use the new name, and files may have either")));
        String lakeType = lakeTypes.get(name);
        changes.addAll(lakeType == null ? List.of(added(column)) : ofType(column, lakeType, size));
        return changes;
    }

    private List<ContractChange> ofType(Column column, String lakeType, Supplier<RewriteSize> size) {
        TypeFit fit = fit(column, lakeType);
        if (fit instanceof TypeFit.Differs) {
            return ofOtherType(column, lakeType, size);
        }
        List<ContractChange> changes = new ArrayList<>();
        if (fit instanceof TypeFit.NeedsFields needed) {
            needed.fields().forEach(field -> changes.add(added(column, field)));
        }
        // The other way round: what the lake has more than the contract.
        if (TypeFit.ofContract(column.name(), engineType(column), EngineType.parse(lakeType))
                instanceof TypeFit.NeedsFields more) {
            more.fields()
                    .forEach(field -> changes.add(new ContractChange(
                            Effect.FREE,
                            column.name(),
                            "the field '" + field.subject()
                                    + "' is not in the contract; it stays in the lake, and files may"
                                    + " bring it or not")));
        }
        return changes;
    }

    private List<ContractChange> ofOtherType(Column column, String lakeType, Supplier<RewriteSize> size) {
        String types = "the column '" + column.name() + "' has the type " + lakeType + " in the lake and "
                + column.type().sql() + " in the contract";
        Optional<EngineType> both = both(column, lakeType);
        if (both.isEmpty()) {
            return List.of(breaks(
                    column,
                    types + ", which does not hold all values of the other one; use a new column or a new dataset"));
        }
        boolean isWider = !both.orElseThrow().equals(EngineType.parse(lakeType));
        if (contract.evolution() != EvolutionPolicy.WIDEN) {
            return List.of(breaks(
                    column,
                    isWider
                            ? types + "; set 'evolution: widen' to have the dataset's rows written anew with the wider"
                                    + " one, or use a new column"
                            : types + "; write the lake's type into the contract"));
        }
        List<ContractChange> changes = new ArrayList<>();
        if (TypeFit.ofFields(column.name(), EngineType.parse(lakeType), engineType(column))
                instanceof TypeFit.NeedsFields needed) {
            needed.fields().stream()
                    .map(field -> added(column, field))
                    .filter(change -> change.effect() == Effect.BREAKS)
                    .forEach(changes::add);
        }
        if (changes.isEmpty()) {
            changes.add(
                    isWider
                            ? new ContractChange(
                                    Effect.STEP,
                                    column.name(),
                                    widened(column, lakeType).orElseThrow()
                                            + " by 'millrace init', or by the first file that brings such values: "
                                            + size.get() + " are written anew")
                            : new ContractChange(
                                    Effect.FREE,
                                    column.name(),
                                    types + "; it stays as wide as it is. Write the lake's type into the contract"));
        }
        return changes;
    }

    private static ContractChange breaks(Column column, String message) {
        return new ContractChange(Effect.BREAKS, column.name(), message);
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
                            + "' and the contract's evolution policy is strict; set 'evolution: add-columns' to add"
                            + " it");
        }
        return new ContractChange(
                Effect.STEP,
                column.name(),
                "the column '" + column.name() + "' (" + column.type().sql()
                        + ") is added by 'millrace init', or by the first file that brings it; NULL in the rows that"
                        + " there are");
    }

    private ContractChange added(Column column, ColumnChange.FieldAdded field) {
        if (contract.evolution() == EvolutionPolicy.STRICT) {
            return new ContractChange(
                    Effect.BREAKS,
                    column.name(),
                    "the lake does not have the field '" + field.subject()
                            + "' and the contract's evolution policy is strict; set 'evolution: add-columns' to add"
                            + " it");
        }
        if (RequiredFields.of(column).contains(field.subject())) {
            return new ContractChange(
                    Effect.BREAKS,
                    column.name(),
                    "the contract requires the field '" + field.subject()
                            + "', which the rows in the lake do not have; make it a union with null");
        }
        return new ContractChange(
                Effect.STEP,
                column.name(),
                field + " by 'millrace init', or by the first file that brings it; NULL in the records that there are");
    }

    private static TypeFit fit(Column column, String lakeType) {
        return TypeFit.ofContract(column.name(), EngineType.parse(lakeType), engineType(column));
    }

    private static EngineType engineType(Column column) {
        LakeType type = column.type();
        return EngineType.parse(type.sql());
    }

    private List<String> formerNames(Column column, Set<String> lakeNames) {
        return contract.aliases().of(column.name()).stream()
                .filter(lakeNames::contains)
                .toList();
    }

    private String nameAfter(String lakeName) {
        return Optional.ofNullable(renamesByFormerName.get(lakeName))
                .map(ColumnChange.ColumnRenamed::to)
                .orElse(lakeName);
    }
}
