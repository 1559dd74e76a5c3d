package dev.millrace.cli;

import dev.millrace.lake.EngineType;
import dev.millrace.lake.TypeFit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Pairs of types of one column, the dataset's and one that a file brings, such that the file fits perhaps after fields are added. */
final class SchemaPairs {
    private static final List<String> PLAIN = List.of(
            "BOOLEAN",
            "INTEGER",
            "BIGINT",
            "FLOAT",
            "DOUBLE",
            "VARCHAR",
            "UUID",
            "DATE",
            "TIMESTAMP",
            "DECIMAL(9,2)",
            "DECIMAL(20,4)",
            "SMALLINT",
            "UINTEGER",
            "TIMESTAMP_MS");

    /** A type with values to put into it. */
    record Type(EngineType type) {
        String sql() {
            return type.sql();
        }

        /** What can be asked of a column of the type: its plain parts. */
        List<String> questions(String value) {
            List<String> questions = new ArrayList<>();
            collect(value, type, questions);
            return questions;
        }

        private static void collect(String value, EngineType type, List<String> questions) {
            if (type instanceof EngineType.ListOf list) {
                collect(value + "[1]", list.element(), questions);
            } else if (type instanceof EngineType.MapOf map) {
                collect(value + "['k']", map.value(), questions);
            } else if (type instanceof EngineType.StructOf struct) {
                struct.fields().forEach(field -> collect(value + "." + field.name(), field.type(), questions));
            } else {
                questions.add(value);
            }
        }

        /** A value for each i, NULL in one of five. */
        String value() {
            return "CASE WHEN i % 5 > 0 THEN " + value(type) + " END";
        }

        private static String value(EngineType type) {
            if (type instanceof EngineType.ListOf list) {
                return "[" + value(list.element()) + "]";
            }
            if (type instanceof EngineType.MapOf map) {
                return "MAP {'k': " + value(map.value()) + "}";
            }
            if (type instanceof EngineType.StructOf struct) {
                return struct.fields().stream()
                        .map(field -> "'" + field.name() + "': " + value(field.type()))
                        .collect(Collectors.joining(", ", "{", "}"));
            }
            String number = "(i * 37 % 101)";
            return switch (type.sql()) {
                case "BOOLEAN" -> "i % 2 = 0";
                case "VARCHAR" -> "'v' || " + number;
                case "UUID" -> "md5(i::VARCHAR)::UUID";
                case "DATE" -> "DATE '1970-01-01' + " + number + "::INTEGER - 50";
                case "TIMESTAMP", "TIMESTAMP_MS" ->
                    "(TIMESTAMP '1969-12-31 23:59:59.5' + to_seconds(" + number + "))::" + type.sql();
                case "FLOAT", "DOUBLE", "DECIMAL(9,2)", "DECIMAL(20,4)" -> "(" + number + " / 4 - 5)::" + type.sql();
                default -> number + "::" + type.sql();
            };
        }
    }

    /** What a column is, what a file has, and what the column is then. */
    record Pair(String name, Type before, Type file, Type after) {}

    private final Random random;
    private final List<Pair> pairs = new ArrayList<>();

    SchemaPairs(long seed, int count) {
        random = new Random(seed);
        while (pairs.size() < count) {
            EngineType before = type(2);
            EngineType file = related(before);
            Optional<EngineType> both = TypeFit.union(before, file);
            if (!(TypeFit.ofFile("c", before, file) instanceof TypeFit.Differs) && both.isPresent()) {
                pairs.add(new Pair("c" + pairs.size(), new Type(before), new Type(file), new Type(both.orElseThrow())));
            }
        }
    }

    List<Pair> all() {
        return pairs;
    }

    String values(Function<Pair, Type> which) {
        return pairs.stream()
                .map(pair -> which.apply(pair).value() + " AS " + pair.name())
                .collect(Collectors.joining(", "));
    }

    private EngineType type(int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(6);
        return switch (kind) {
            case 1 -> new EngineType.ListOf(type(depth - 1));
            case 2 -> new EngineType.MapOf(new EngineType.Plain("VARCHAR"), type(depth - 1));
            case 3, 4 -> new EngineType.StructOf(fields(depth - 1, "x", "y"));
            default -> new EngineType.Plain(PLAIN.get(random.nextInt(PLAIN.size())));
        };
    }

    private List<EngineType.Field> fields(int depth, String... names) {
        List<EngineType.Field> fields = new ArrayList<>();
        for (String name : names) {
            fields.add(new EngineType.Field(name, type(depth)));
        }
        return fields;
    }

    /** Of the same shape, with other plain types at times and other fields. */
    private EngineType related(EngineType type) {
        if (type instanceof EngineType.ListOf list) {
            return new EngineType.ListOf(related(list.element()));
        }
        if (type instanceof EngineType.MapOf map) {
            return new EngineType.MapOf(map.key(), related(map.value()));
        }
        if (type instanceof EngineType.StructOf struct) {
            List<EngineType.Field> fields = new ArrayList<>();
            if (random.nextBoolean()) {
                fields.addAll(fields(1, "z"));
            }
            struct.fields().stream()
                    .filter(field -> fields.isEmpty() || random.nextBoolean())
                    .map(field -> new EngineType.Field(field.name(), related(field.type())))
                    .forEach(fields::add);
            return new EngineType.StructOf(fields);
        }
        return random.nextBoolean() ? type : new EngineType.Plain(PLAIN.get(random.nextInt(PLAIN.size())));
    }
}
