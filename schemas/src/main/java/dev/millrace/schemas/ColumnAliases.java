package dev.millrace.schemas;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * The names that a contract's columns had before: the {@code aliases} of its schema's fields. Those of fields within records are not
 * followed.
 *
 * @param columnByAlias the column of today for each former name
 */
public record ColumnAliases(Map<String, String> columnByAlias) {
    public ColumnAliases {
        columnByAlias = Map.copyOf(columnByAlias);
    }

    /**
     * Those of a record schema.
     *
     * @throws InvalidContractException when a former name is that of another column, but for upper and lower case perhaps
     */
    public static ColumnAliases of(Schema schema) {
        Map<String, String> owners = new HashMap<>();
        schema.getFields().forEach(field -> owners.put(lower(field.name()), field.name()));
        Map<String, String> columnByAlias = new LinkedHashMap<>();
        for (Schema.Field field : schema.getFields()) {
            for (String alias : field.aliases()) {
                String owner = owners.putIfAbsent(lower(alias), field.name());
                if (owner != null) {
                    throw new InvalidContractException(
                            "the schema's field '" + field.name() + "' has the alias '" + alias
                                    + "', which is a name of the field '" + owner
                                    + "' too; a name stands for one column, so take the alias out");
                }
                columnByAlias.put(alias, field.name());
            }
        }
        return new ColumnAliases(columnByAlias);
    }

    /** The column that had this name. */
    public Optional<String> columnOf(String formerName) {
        return Optional.ofNullable(columnByAlias.get(formerName));
    }

    /** The former names of a column, in alphabetical order. */
    public List<String> of(String column) {
        return columnByAlias.entrySet().stream()
                .filter(entry -> entry.getValue().equals(column))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
