package dev.millrace.schemas;

import java.util.List;
import java.util.stream.Collectors;

/** A column type of the lake, with its name in DuckDB's SQL. Two types are the same when {@link #sql()} is. */
public sealed interface LakeType {
    /**
     * The type in DuckDB's SQL. Names of struct fields always stand in quotes here, where the engine's own {@code DESCRIBE} quotes
     * only those that need it: let the engine parse this before comparing the two.
     */
    String sql();

    default boolean isNested() {
        return !(this instanceof Scalar || this instanceof DecimalType);
    }

    /** The types without parameters. */
    enum Scalar implements LakeType {
        BOOLEAN("BOOLEAN"),
        INTEGER("INTEGER"),
        BIGINT("BIGINT"),
        FLOAT("FLOAT"),
        DOUBLE("DOUBLE"),
        VARCHAR("VARCHAR"),
        BLOB("BLOB"),
        UUID("UUID"),
        DATE("DATE"),
        TIME("TIME"),
        /** Without time zone: a wall clock's reading. */
        TIMESTAMP("TIMESTAMP"),
        TIMESTAMP_NS("TIMESTAMP_NS"),
        /** An instant, shown in the session's time zone. */
        TIMESTAMP_TZ("TIMESTAMP WITH TIME ZONE");

        private final String sql;

        Scalar(String sql) {
            this.sql = sql;
        }

        @Override
        public String sql() {
            return sql;
        }

        /** Whether values of the type say when something happened. */
        public boolean isTemporal() {
            return this == DATE || this == TIMESTAMP || this == TIMESTAMP_NS || this == TIMESTAMP_TZ;
        }
    }

    /** A decimal number of at most 38 digits, as DuckDB holds them. */
    record DecimalType(int precision, int scale) implements LakeType {
        public static final int MAX_PRECISION = 38;

        public DecimalType {
            if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
                throw new InvalidContractException("decimal(" + precision + "," + scale
                        + ") is out of range: the lake holds 1 to 38 digits, of which 0 to all are decimals");
            }
        }

        @Override
        public String sql() {
            return "DECIMAL(" + precision + "," + scale + ")";
        }
    }

    record ListType(LakeType element) implements LakeType {
        @Override
        public String sql() {
            return element.sql() + "[]";
        }
    }

    /** Avro's maps have text keys. */
    record MapType(LakeType value) implements LakeType {
        @Override
        public String sql() {
            return "MAP(VARCHAR, " + value.sql() + ")";
        }
    }

    record StructType(List<Column> fields) implements LakeType {
        public StructType {
            fields = List.copyOf(fields);
        }

        @Override
        public String sql() {
            return fields.stream()
                    .map(f -> quoted(f.name()) + " " + f.type().sql())
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }

        private static String quoted(String name) {
            return '"' + name.replace("\"", "\"\"") + '"';
        }
    }
}
