package dev.millrace.schemas;

import dev.millrace.schemas.WriteMode.Upsert;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules for the columns that the mode {@code upsert} names. Pure. */
final class UpsertColumns {
    /** NaN and the two zeros make equality and order of such values a matter of opinion. */
    private static final Set<LakeType> FLOATING = Set.of(LakeType.Scalar.FLOAT, LakeType.Scalar.DOUBLE);

    /** By these the engine tells where in its batch a staged row stands. */
    private static final Set<String> NAMES_OF_THE_ENGINE = Set.of("file_index", "file_row_number");

    private UpsertColumns() {}

    static void check(DatasetName dataset, Upsert mode, List<Column> columns) {
        Set<String> seen = new HashSet<>();
        for (String name : mode.key()) {
            Column column = column(dataset, "key", name, columns);
            if (FLOATING.contains(column.type())) {
                throw refused(
                        dataset,
                        "key",
                        name,
                        "of the type " + column.type().sql()
                                + "; equality of floating-point numbers can't be relied on");
            }
            once(dataset, "key", name, seen);
        }
        mode.version().ifPresent(name -> {
            Column column = column(dataset, "version", name, columns);
            if (FLOATING.contains(column.type()) || column.type() == LakeType.Scalar.BOOLEAN) {
                throw refused(
                        dataset,
                        "version",
                        name,
                        "of the type " + column.type().sql() + "; take a whole number, a decimal, a time or a text");
            }
            once(dataset, "version", name, seen);
        });
        mode.deleteMarker().ifPresent(name -> {
            Column column = column(dataset, "delete-marker", name, columns);
            if (column.type() != LakeType.Scalar.BOOLEAN) {
                throw refused(
                        dataset,
                        "delete-marker",
                        name,
                        "of the type " + column.type().sql() + "; it takes a boolean column");
            }
            once(dataset, "delete-marker", name, seen);
        });
        columns.stream()
                .map(Column::name)
                .filter(name -> NAMES_OF_THE_ENGINE.contains(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidContractException(
                            "contract of dataset '" + dataset + "': the engine has a column '" + name
                                    + "' of its own, which the mode upsert needs; give the field another name");
                });
    }

    private static Column column(DatasetName dataset, String key, String name, List<Column> columns) {
        Column column = columns.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> refused(
                        dataset,
                        key,
                        name,
                        "which the schema does not have; it has "
                                + columns.stream().map(Column::name).toList()));
        if (column.type().isNested()) {
            throw refused(
                    dataset,
                    key,
                    name,
                    "of the nested type " + column.type().sql() + "; only plain columns can be used there");
        }
        return column;
    }

    private static void once(DatasetName dataset, String key, String name, Set<String> seen) {
        if (!seen.add(name)) {
            throw refused(dataset, key, name, "which 'key', 'version' and 'delete-marker' may name only once");
        }
    }

    private static InvalidContractException refused(DatasetName dataset, String key, String name, String why) {
        return new InvalidContractException(
                "contract of dataset '" + dataset + "': " + key + " names the column '" + name + "', " + why);
    }
}
