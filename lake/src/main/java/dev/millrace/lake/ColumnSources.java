package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.ColumnAliases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which columns of files are a dataset's: those of the same names, and those of former names that the dataset has no column of. Pure.
 *
 * @param columns of the dataset in the lake, renamed as the contract says
 */
public record ColumnSources(ColumnAliases aliases, List<LakeColumn> columns) {
    public ColumnSources {
        columns = List.copyOf(columns);
    }

    /** The column of the dataset that a file's column is; absent where the dataset has none. */
    public Optional<String> columnOf(String fileColumn) {
        return has(fileColumn) ? Optional.of(fileColumn) : aliases.columnOf(fileColumn);
    }

    /** The columns of files that are a dataset's column. */
    public List<String> of(String column, Set<String> present) {
        List<String> names = new ArrayList<>();
        names.add(column);
        aliases.of(column).stream().filter(alias -> !has(alias)).forEach(names::add);
        return names.stream().filter(present::contains).toList();
    }

    /**
     * The values of a dataset's column, in its type, as an expression over files that have these columns; a file has one of them at most.
     *
     * @param present the names of the columns that the files have
     */
    public String expression(LakeColumn column, Set<String> present) {
        List<String> values = of(column.name(), present).stream()
                .map(name -> "CAST(" + SqlText.identifier(name) + " AS " + column.type() + ")")
                .toList();
        if (values.isEmpty()) {
            return "CAST(NULL AS " + column.type() + ")";
        }
        return values.size() == 1 ? values.get(0) : values.stream().collect(Collectors.joining(", ", "coalesce(", ")"));
    }

    /** Whether no file has a value of the column, as a condition over files that have these columns. */
    public String isNull(String column, Set<String> present) {
        List<String> names = of(column, present);
        return names.isEmpty()
                ? "true"
                : names.stream()
                        .map(name -> SqlText.identifier(name) + " IS NULL")
                        .collect(Collectors.joining(" AND "));
    }

    private boolean has(String name) {
        return columns.stream().anyMatch(column -> column.name().equals(name));
    }
}
