package dev.millrace.cli.rows;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** What Avro's schema resolution leaves to its users: the meaning that a logical type gives to a number or to bytes. */
final class AvroLogicalTypes {
    private AvroLogicalTypes() {}

    /** Refuses a file whose milliseconds, say, would silently become microseconds. */
    static void requireSame(String file, Schema writer, Schema reader) {
        requireSame(file, writer, reader, "");
    }

    private static void requireSame(String file, Schema writer, Schema reader, String path) {
        Schema from = withoutNull(writer);
        Schema to = withoutNull(reader);
        if (from.getType() == Schema.Type.UNION || to.getType() == Schema.Type.UNION) {
            return;
        }
        String written = name(from.getLogicalType());
        String expected = name(to.getLogicalType());
        boolean text = from.getType() == Schema.Type.STRING && to.getType() == Schema.Type.STRING;
        if (!written.equals(expected) && !text) {
            throw new RowException(
                    file,
                    "column '" + path + "' is " + from.getType().getName() + " (" + written + ") in the file and "
                            + to.getType().getName() + " (" + expected
                            + ") in the contract, and Avro would take the one for the other unconverted; write the file"
                            + " with the contract's type",
                    null);
        }
        if (from.getType() != to.getType()) {
            return;
        }
        switch (to.getType()) {
            case RECORD -> {
                for (Schema.Field field : to.getFields()) {
                    Schema.Field source = from.getField(field.name());
                    if (source != null) {
                        String inner = path.isEmpty() ? field.name() : path + "." + field.name();
                        requireSame(file, source.schema(), field.schema(), inner);
                    }
                }
            }
            case ARRAY -> requireSame(file, from.getElementType(), to.getElementType(), path + "[]");
            case MAP -> requireSame(file, from.getValueType(), to.getValueType(), path + "{}");
            default -> {}
        }
    }

    /** The text of a plain value for a template; nothing for NULL. */
    static Optional<String> text(Schema schema, Object value) {
        if (value == null) {
            return Optional.empty();
        }
        Schema plain = withoutNull(schema);
        LogicalType logical = plain.getLogicalType();
        if (logical instanceof LogicalTypes.Date) {
            return Optional.of(LocalDate.ofEpochDay((Integer) value).toString());
        }
        boolean isText =
                switch (plain.getType()) {
                    case STRING, ENUM, BOOLEAN -> true;
                    case INT, LONG, FLOAT, DOUBLE -> logical == null;
                    default -> false;
                };
        if (!isText) {
            throw UnfitValueException.of("a template of --set cannot use a value of type "
                    + plain.getType().getName() + (logical == null ? "" : " (" + logical.getName() + ")"));
        }
        return Optional.of(value.toString());
    }

    private static String name(LogicalType type) {
        if (type == null) {
            return "no logical type";
        }
        return type instanceof LogicalTypes.Decimal decimal
                ? "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")"
                : type.getName();
    }

    private static Schema withoutNull(Schema schema) {
        if (!schema.isUnion()) {
            return schema;
        }
        List<Schema> branches = schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        return branches.size() == 1 ? branches.get(0) : schema;
    }
}
