package dev.millrace.ingester;

import dev.millrace.lake.EngineType;
import dev.millrace.lake.EngineType.Field;
import dev.millrace.lake.LakeColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Types and columns that files may bring, for properties. Few names and related types, so that files often have to do with each other. */
final class EngineTypes {
    private static final String[] PLAIN = {
        "BOOLEAN",
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "UTINYINT",
        "UINTEGER",
        "UBIGINT",
        "FLOAT",
        "DOUBLE",
        "VARCHAR",
        "BLOB",
        "UUID",
        "DATE",
        "TIME",
        "TIMESTAMP_S",
        "TIMESTAMP_MS",
        "TIMESTAMP",
        "TIMESTAMP_NS",
        "TIMESTAMP WITH TIME ZONE",
        "DECIMAL(4,2)",
        "DECIMAL(9,2)",
        "DECIMAL(18,4)",
        "DECIMAL(38,38)"
    };
    private static final String[] NAMES = {"a", "b", "c", "D", "d", "two words", "say \"so\""};

    private EngineTypes() {}

    static Arbitrary<EngineType> types(int depth) {
        Arbitrary<EngineType> plain = Arbitraries.of(PLAIN).map(EngineType.Plain::new);
        return depth == 0
                ? plain
                : Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(4, plain),
                        net.jqwik.api.Tuple.of(1, types(depth - 1).map(EngineType.ListOf::new)),
                        net.jqwik.api.Tuple.of(
                                1,
                                types(depth - 1)
                                        .map(value -> new EngineType.MapOf(new EngineType.Plain("VARCHAR"), value))),
                        net.jqwik.api.Tuple.of(2, fields(depth - 1).map(EngineType.StructOf::new)));
    }

    private static Arbitrary<List<Field>> fields(int depth) {
        return Combinators.combine(Arbitraries.of(NAMES), types(depth))
                .as(Field::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(EngineTypes::withoutTwins);
    }

    /** The engine takes names that differ in upper and lower case only for the same. */
    private static List<Field> withoutTwins(List<Field> fields) {
        Set<String> seen = new HashSet<>();
        List<Field> kept = new ArrayList<>();
        for (Field field : fields) {
            if (seen.add(field.name().toLowerCase(java.util.Locale.ROOT))) {
                kept.add(field);
            }
        }
        return kept;
    }

    static Arbitrary<List<LakeColumn>> columns() {
        return fields(2).map(fields -> fields.stream()
                .map(field -> new LakeColumn(field.name(), field.type().sql()))
                .toList());
    }
}
