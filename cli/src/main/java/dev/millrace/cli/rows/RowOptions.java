package dev.millrace.cli.rows;

import java.util.List;
import java.util.Set;

/**
 * How rows are read.
 *
 * @param nullValues the texts of a CSV file that stand for NULL, quoted or not; when there are none, an empty value
 *     without quotes is NULL, and {@code ""} is the empty text
 * @param templates columns that are made of others; a column that only a template uses need not be in the contract
 * @param ignoreExtra whether columns that the contract does not have are left out rather than refused
 */
public record RowOptions(Set<String> nullValues, List<ColumnTemplate> templates, boolean ignoreExtra) {
    public RowOptions {
        nullValues = Set.copyOf(nullValues);
        templates = List.copyOf(templates);
    }

    public static RowOptions defaults() {
        return new RowOptions(Set.of(), List.of(), false);
    }
}
