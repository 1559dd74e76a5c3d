package dev.millrace.schemas;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * How the symbols of one enum differ between two schemas of a dataset.
 *
 * @param path of the field, with {@code []} and {@code {}} for elements of lists and values of maps
 * @param added symbols of the later schema only
 * @param removed symbols of the earlier schema only
 */
public record EnumChange(String path, List<String> added, List<String> removed) {
    public EnumChange {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
    }

    /** The enums that are in both schemas with other symbols; neither schema contains itself, as those of contracts do not. */
    public static List<EnumChange> between(Schema before, Schema after) {
        Map<String, List<String>> earlier = new LinkedHashMap<>();
        collect("", before, earlier);
        Map<String, List<String>> later = new LinkedHashMap<>();
        collect("", after, later);
        List<EnumChange> changes = new ArrayList<>();
        later.forEach((path, symbols) -> {
            List<String> former = earlier.getOrDefault(path, symbols);
            EnumChange change = new EnumChange(path, without(symbols, former), without(former, symbols));
            if (!change.added.isEmpty() || !change.removed.isEmpty()) {
                changes.add(change);
            }
        });
        return changes;
    }

    private static List<String> without(List<String> symbols, List<String> others) {
        return symbols.stream().filter(symbol -> !others.contains(symbol)).toList();
    }

    private static void collect(String path, Schema schema, Map<String, List<String>> enums) {
        switch (schema.getType()) {
            case ENUM -> enums.put(path, schema.getEnumSymbols());
            case UNION -> schema.getTypes().forEach(branch -> collect(path, branch, enums));
            case ARRAY -> collect(path + "[]", schema.getElementType(), enums);
            case MAP -> collect(path + "{}", schema.getValueType(), enums);
            case RECORD ->
                schema.getFields()
                        .forEach(field -> collect(
                                path.isEmpty() ? field.name() : path + "." + field.name(), field.schema(), enums));
            default -> {
                // Has no symbols.
            }
        }
    }
}
