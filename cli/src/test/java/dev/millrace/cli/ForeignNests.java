package dev.millrace.cli;

import static dev.millrace.cli.ForeignColumn.cell;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Columns of every nested layout that writers of Parquet have used, the old ones as well. */
final class ForeignNests {
    private static final String INTS = "{\"type\": \"array\", \"items\": [\"null\", \"int\"]}";

    private static final String LONE = "a group of one field is left away: a list of that field";

    private ForeignNests() {}

    static List<ForeignColumn> columns() {
        return List.of(
                ForeignColumn.of(
                                "list",
                                "optional group %s (LIST) { repeated group list { optional int32 element; } }",
                                "INTEGER[]",
                                cell(list(), "[]"),
                                cell(list(1, null, 3), "[1, NULL, 3]"),
                                cell(list((Object) null), "[NULL]"))
                        .into(INTS),
                ForeignColumn.of(
                                "list_of_other_names",
                                "optional group %s (LIST) { repeated group bag { optional int32 array_element; } }",
                                "INTEGER[]",
                                cell(Map.of(), "[]"),
                                cell(Map.of("bag", List.of(Map.of("array_element", 1), Map.of())), "[1, NULL]"))
                        .into(INTS),
                ForeignColumn.of(
                                "list_of_two_levels",
                                "optional group %s (LIST) { repeated int32 array; }",
                                "INTEGER[]",
                                cell(Map.of(), "[]"),
                                cell(Map.of("array", List.of(1, 2)), "[1, 2]"))
                        .into(INTS),
                ForeignColumn.of(
                        "structs_of_two_levels",
                        "optional group %s (LIST) { repeated group array { optional int32 a; optional binary b (STRING); } }",
                        "STRUCT(a INTEGER, b VARCHAR)[]",
                        cell(Map.of(), "[]"),
                        cell(
                                Map.of("array", List.of(Map.of("a", 1, "b", ""), Map.of())),
                                "[{'a': 1, 'b': ''}, {'a': NULL, 'b': NULL}]")),
                ForeignColumn.of(
                                "lone_structs_of_two_levels",
                                "optional group %s (LIST) { repeated group array { optional int32 a; } }",
                                "INTEGER[]",
                                cell(Map.of("array", List.of(Map.of("a", 1), Map.of())), "[1, NULL]"))
                        .by(LONE),
                ForeignColumn.of(
                                "lone_structs_as_tuples",
                                "optional group %1$s (LIST) { repeated group %1$s_tuple { optional int32 a; } }",
                                "INTEGER[]",
                                cell(
                                        Map.of("lone_structs_as_tuples_tuple", List.of(Map.of("a", 1), Map.of())),
                                        "[1, NULL]"))
                        .by(LONE),
                ForeignColumn.of("repeated", "repeated int32 %s;", "INTEGER[]", cell(List.of(1, 2), "[1, 2]"))
                        .into(INTS),
                ForeignColumn.of(
                        "repeated_structs",
                        "repeated group %s { optional int32 a; optional int32 b; }",
                        "STRUCT(a INTEGER, b INTEGER)[]",
                        cell(List.of(Map.of("a", 1), Map.of()), "[{'a': 1, 'b': NULL}, {'a': NULL, 'b': NULL}]")),
                ForeignColumn.of(
                        "lists", """
                        optional group %s (LIST) { repeated group list {
                            optional group element (LIST) { repeated group list { optional int32 element; } } } }""", "INTEGER[][]", cell(list(list(), null, list(1, null)), "[[], NULL, [1, NULL]]")),
                ForeignColumn.of(
                                "map",
                                """
                                optional group %s (MAP) { repeated group key_value {
                                    required binary key (STRING); optional int32 value; } }""",
                                "MAP(VARCHAR, INTEGER)",
                                cell(map(), "{}"),
                                cell(map("a", 1, "", null), "{a=1, ''=NULL}"))
                        .into("{\"type\": \"map\", \"values\": [\"null\", \"int\"]}"),
                ForeignColumn.of(
                        "map_of_other_names",
                        """
                        optional group %s (MAP) { repeated group map (MAP_KEY_VALUE) {
                            required binary key (STRING); optional int32 value; } }""",
                        "MAP(VARCHAR, INTEGER)",
                        cell(Map.of("map", List.of(Map.of("key", "a", "value", 1))), "{a=1}")),
                ForeignColumn.of(
                        "map_of_numbers",
                        """
                        optional group %s (MAP) { repeated group key_value {
                            required int64 key; optional group value (LIST) {
                                repeated group list { optional int32 element; } } } }""",
                        "MAP(BIGINT, INTEGER[])",
                        cell(map(-1L, list(), 2L, list((Object) null)), "{-1=[], 2=[NULL]}")),
                ForeignColumn.of(
                                "struct",
                                "optional group %s { optional int32 a; optional group b { optional binary c (STRING); } }",
                                "STRUCT(a INTEGER, b STRUCT(c VARCHAR))",
                                cell(Map.of(), "{'a': NULL, 'b': NULL}"),
                                cell(Map.of("b", Map.of()), "{'a': NULL, 'b': {'c': NULL}}"),
                                cell(Map.of("a", 1, "b", Map.of("c", "")), "{'a': 1, 'b': {'c': ''}}"))
                        .into("""
                                {"type": "record", "name": "S", "fields": [
                                  {"name": "a", "type": ["null", "int"]},
                                  {"name": "b", "type": ["null", {"type": "record", "name": "B", "fields": [
                                    {"name": "c", "type": ["null", "string"]}]}]}]}"""),
                deep(),
                ForeignColumn.of(
                        "nested_zeros",
                        "optional group %s (LIST) { repeated group list { optional double element; } }",
                        "DOUBLE[]",
                        cell(list(-0.0, Double.NaN, 0.1), "[-0.0, nan, 0.1]")));
    }

    private static ForeignColumn deep() {
        String type = "optional int32 leaf;";
        String lake = "STRUCT(leaf INTEGER)";
        Object value = Map.of("leaf", 7);
        String text = "{'leaf': 7}";
        for (int level = 29; level > 0; level--) {
            type = "optional group l" + level + " { " + type + " }";
            lake = "STRUCT(l" + level + " " + lake + ")";
            value = Map.of("l" + level, value);
            text = "{'l" + level + "': " + text + "}";
        }
        return ForeignColumn.of("deep", "optional group %s { " + type + " }", lake, cell(value, text));
    }

    private static Map<String, Object> list(Object... elements) {
        return Map.of(
                "list",
                Arrays.stream(elements)
                        .map(element -> element == null ? Map.of() : Map.of("element", element))
                        .toList());
    }

    /** Keys and values in turn. */
    private static Map<String, Object> map(Object... entries) {
        Map<?, ?>[] pairs = new Map<?, ?>[entries.length / 2];
        for (int pair = 0; pair < pairs.length; pair++) {
            Map<String, Object> entry = new HashMap<>();
            entry.put("key", entries[2 * pair]);
            entry.put("value", entries[2 * pair + 1]);
            pairs[pair] = entry;
        }
        return Map.of("key_value", List.of(pairs));
    }
}
