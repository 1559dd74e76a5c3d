package dev.millrace.schemas;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The name of a dataset: a table of the lake, with its schema where that is not the default one ({@code main}).
 *
 * <p>The pattern is strict since the name becomes a folder of the staging area, a part of object keys and an SQL
 * identifier: lower-case letters, digits and underscores, at most 63 characters, as PostgreSQL allows identifiers.
 */
public record DatasetName(String schema, String table) implements Comparable<DatasetName> {
    public static final String DEFAULT_SCHEMA = "main";
    private static final Pattern PART = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final String DELETED_KEYS = "millrace_deleted";
    private static final List<String> RESERVED_SCHEMAS = List.of("millrace", "information_schema", "pg_catalog");

    public DatasetName {
        checkPart(schema, schema + "." + table);
        checkPart(table, schema + "." + table);
        if (RESERVED_SCHEMAS.contains(schema)) {
            throw new InvalidContractException("dataset '" + schema + "." + table + "': the schema '" + schema
                    + "' is reserved; choose another one");
        }
    }

    /** Reads {@code table} or {@code schema.table}. */
    public static DatasetName parse(String text) {
        int dot = text.indexOf('.');
        return dot < 0
                ? new DatasetName(DEFAULT_SCHEMA, text)
                : new DatasetName(text.substring(0, dot), text.substring(dot + 1));
    }

    private static void checkPart(String part, String whole) {
        if (!PART.matcher(part).matches()) {
            throw new InvalidContractException(
                    "dataset '" + whole + "' is not a valid name: use lower-case letters, digits and '_',"
                            + " begin with a letter, at most 63 characters (schema.table is allowed)");
        }
    }

    /** The table that remembers which keys of this dataset were deleted; no dataset of a contract. */
    DatasetName deletedKeys() {
        return new DatasetName(schemaOfDeletedKeys(), table);
    }

    private String schemaOfDeletedKeys() {
        return schema.equals(DEFAULT_SCHEMA) ? DELETED_KEYS : DELETED_KEYS + "_" + schema;
    }

    /** Whether a table of the lake belongs to this dataset: its own, or the one that remembers which of its keys were deleted. */
    public boolean owns(String schemaName, String tableName) {
        return table.equals(tableName)
                && (schema.equals(schemaName) || schemaOfDeletedKeys().equals(schemaName));
    }

    @Override
    public int compareTo(DatasetName other) {
        return toString().compareTo(other.toString());
    }

    /** The name as users write it, and as the folder under the staging area is called. */
    @Override
    public String toString() {
        return schema.equals(DEFAULT_SCHEMA) ? table : schema + "." + table;
    }
}
