package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.LakeType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A type as the engine writes it, taken apart as far as it is nested. Two types are the same when they are equal. */
public sealed interface EngineType {
    /** The type in DuckDB's SQL; names of fields always stand in quotes. */
    String sql();

    /** Anything that is not nested, as the engine writes it. */
    record Plain(String sql) implements EngineType {
        private Optional<LakeType> plainLakeType() {
            Optional<LakeType> decimal =
                    Digits.of(sql).map(digits -> new LakeType.DecimalType(digits.precision(), digits.scale()));
            return decimal.or(() -> Arrays.stream(LakeType.Scalar.values())
                    .filter(type -> type.sql().equals(sql))
                    .map(LakeType.class::cast)
                    .findFirst());
        }
    }

    record ListOf(EngineType element) implements EngineType {
        @Override
        public String sql() {
            return element.sql() + "[]";
        }
    }

    record MapOf(EngineType key, EngineType value) implements EngineType {
        @Override
        public String sql() {
            return "MAP(" + key.sql() + ", " + value.sql() + ")";
        }
    }

    record StructOf(List<Field> fields) implements EngineType {
        public StructOf {
            fields = List.copyOf(fields);
        }

        @Override
        public String sql() {
            return fields.stream()
                    .map(field -> SqlText.identifier(field.name()) + " "
                            + field.type().sql())
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }

        /** The field of this name. */
        public Optional<Field> field(String name) {
            return fields.stream().filter(field -> field.name().equals(name)).findFirst();
        }
    }

    record Field(String name, EngineType type) {}

    /** Takes apart what {@code DESCRIBE} gives, or {@link LakeType#sql()}. */
    static EngineType parse(String sql) {
        return new EngineTypeParser(sql).parse();
    }

    /** The type of a contract that is this one; absent where no contract can have it. */
    default Optional<LakeType> lakeType() {
        if (this instanceof ListOf list) {
            return list.element().lakeType().map(LakeType.ListType::new);
        }
        if (this instanceof MapOf map) {
            return map.value()
                    .lakeType()
                    .filter(value -> map.key().sql().equals(LakeType.Scalar.VARCHAR.sql()))
                    .map(LakeType.MapType::new);
        }
        if (this instanceof StructOf struct) {
            List<Column> columns = new ArrayList<>();
            for (Field field : struct.fields()) {
                Optional<LakeType> type = field.type().lakeType();
                if (type.isEmpty()) {
                    return Optional.empty();
                }
                columns.add(new Column(field.name(), type.orElseThrow(), false));
            }
            return Optional.of(new LakeType.StructType(columns));
        }
        return ((Plain) this).plainLakeType();
    }

    /** How many digits a decimal has in all, and behind the point. */
    record Digits(int precision, int scale) {
        private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");

        static Optional<Digits> of(String sql) {
            Matcher decimal = DECIMAL.matcher(sql);
            return decimal.matches()
                    ? Optional.of(new Digits(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2))))
                    : Optional.empty();
        }
    }
}
