package dev.millrace.ingester;

import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.ParquetTypes;
import dev.millrace.schemas.Contract;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The columns of a staged file.
 *
 * @param columns with the types that the engine reads them as, {@value #NOTHING} for one that can't hold a value
 * @param canBeCopied whether a lake file may be such a file, as it is
 * @param unfit why no file with such columns can enter the lake as it is, where that is so
 */
record FileColumns(List<LakeColumn> columns, boolean canBeCopied, Optional<String> unfit) {
    /** The type of a column whose writer has seen no value, as pyarrow makes of nothing but {@code None}. */
    static final String NOTHING = "NULL";

    private static final int MAX_DIGITS = 38;

    private static final String COLUMNS = """
            SELECT column_name, column_type FROM (
                DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false, file_row_number = false))
            """;

    /**
     * In the order of the file, group before field; no rows where no field is out of the ordinary. Laid out otherwise is what the lake
     * refuses to register, or reads as NULL, when the file is copied as it is (measured, DuckLake d8a1881e).
     */
    private static final String MARKED = """
            WITH field AS (
                SELECT row_number() OVER () AS position, name, coalesce(num_children, 0) AS children,
                    coalesce(logical_type, '') AS logical, coalesce(converted_type, '') AS converted, precision,
                    coalesce(repetition_type, '') = 'REPEATED' AS is_repeated
                FROM parquet_schema(?)),
            marked AS MATERIALIZED (
                SELECT position, name, children, logical = 'NullType()' AS is_null, converted = 'INTERVAL' AS is_interval,
                    CASE WHEN logical LIKE 'DecimalType%' OR converted = 'DECIMAL' THEN coalesce(greatest(precision,
                        try_cast(regexp_extract(logical, 'precision=([0-9]+)', 1) AS BIGINT)), 0) ELSE 0 END AS digits,
                    logical = 'Float16Type()' OR logical LIKE 'TimeType(isAdjustedToUTC=1%' OR logical LIKE 'TimeType%NanoSeconds%'
                        OR (is_repeated AND (name, lead(name, 1, '') OVER (ORDER BY position))
                            NOT IN (('list', 'element'), ('key_value', 'key'))) AS is_laid_out_otherwise
                FROM field)
            SELECT name, children, is_null, is_interval, digits, is_laid_out_otherwise FROM marked
            WHERE (SELECT bool_or(is_null OR digits > 38 OR is_laid_out_otherwise OR (name = '' AND position > 1)) FROM marked) ORDER BY position
            """;

    private record Field(
            String name, long children, boolean isNull, boolean isInterval, long digits, boolean isLaidOutOtherwise) {}

    FileColumns {
        columns = List.copyOf(columns);
    }

    /** Reads the schema of a file, whose footer has been read before. */
    static FileColumns read(LakeSession session, String address) {
        List<LakeColumn> described =
                session.query(COLUMNS, row -> new LakeColumn(row.getString(1), row.getString(2)), List.of(address));
        List<Field> marked = session.query(
                MARKED,
                row -> new Field(
                        row.getString(1),
                        row.getLong(2),
                        row.getBoolean(3),
                        row.getBoolean(4),
                        row.getLong(5),
                        row.getBoolean(6)),
                List.of(address));
        Set<String> empty = new HashSet<>();
        Optional<String> altered = altered(marked, empty);
        List<LakeColumn> columns = described.stream()
                .map(c -> empty.contains(c.name()) ? new LakeColumn(c.name(), NOTHING) : c)
                .toList();
        boolean asLaidOut = marked.stream().noneMatch(field -> field.isNull() || field.isLaidOutOtherwise());
        return new FileColumns(
                columns, asLaidOut, altered.or(() -> misnamed(columns)).or(() -> unheld(columns)));
    }

    /** The columns that can hold a value, with the types of lake columns that take them. */
    List<LakeColumn> inLake() {
        return columns.stream()
                .filter(c -> !c.type().equals(NOTHING))
                .map(c -> new LakeColumn(c.name(), ParquetTypes.inLake(c.type())))
                .toList();
    }

    /**
     * What the engine would read as something else than it is, without a word (measured, 1.5.5).
     *
     * @param empty gets the names of columns of nothing but NULL, which are as good as missing
     */
    private static Optional<String> altered(List<Field> fields, Set<String> empty) {
        Deque<Long> open = new ArrayDeque<>();
        for (Field field : fields) {
            leaveFull(open);
            int depth = open.size();
            if (field.name().isEmpty() && depth > 0) {
                // The engine calls it by its place, as "C1", and does not find it under that name.
                return Optional.of("a column has no name; give it one");
            }
            if (field.isInterval() && field.isNull()) {
                return Optional.of(
                        "'" + field.name() + "' is an INTERVAL that is also marked as UNKNOWN, as parquet-java"
                                + " does it, which is read as NULL; write its months, days and milliseconds as numbers");
            }
            if (field.isNull() && depth > 1) {
                return Optional.of("'" + field.name() + "' within a list, map or record is of the Parquet type UNKNOWN;"
                        + " give it the type that its values will have");
            }
            if (field.isNull()) {
                empty.add(field.name());
            }
            if (field.digits() > MAX_DIGITS) {
                return Optional.of("'" + field.name() + "' is a DECIMAL of " + field.digits()
                        + " digits, which is read as DOUBLE; the lake holds " + MAX_DIGITS);
            }
            if (!open.isEmpty()) {
                open.push(open.pop() - 1);
            }
            if (field.children() > 0) {
                open.push(field.children());
            }
        }
        return Optional.empty();
    }

    /** Leaves the groups that have had all of their fields. */
    private static void leaveFull(Deque<Long> open) {
        while (!open.isEmpty() && open.peek() == 0) {
            open.pop();
        }
    }

    private static Optional<String> misnamed(List<LakeColumn> columns) {
        return columns.stream()
                .map(LakeColumn::name)
                .filter(name -> name.isEmpty() || name.indexOf('\0') >= 0 || Contract.isNameOfTheEngine(name))
                .findFirst()
                .map(name -> Contract.isNameOfTheEngine(name)
                        ? "the lake has a column '" + name + "' of its own in every table; give it another name"
                        : "a column's name is empty or has a NUL in it; give it another name");
    }

    private static Optional<String> unheld(List<LakeColumn> columns) {
        return columns.stream()
                .flatMap(c -> ParquetTypes.unheld(c.type()).stream()
                        .map(type -> "the column '" + c.name() + "' has the type " + type
                                + ", of which the lake takes no files; write it as text, bytes or numbers"))
                .findFirst();
    }
}
