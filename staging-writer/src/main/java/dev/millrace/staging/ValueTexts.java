package dev.millrace.staging;

import dev.millrace.schemas.LakeType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/** Compiles an Avro schema once into what appends the canonical text of its values, see {@code RowHashSql}. */
final class ValueTexts {
    private final RawValues raw;

    ValueTexts(GenericData model) {
        this.raw = new RawValues(model);
    }

    /** The text of a record's fields in the order of their names, without brackets. */
    ValueText fields(Schema record, String path) {
        List<Schema.Field> fields = record.getFields().stream()
                .sorted(Comparator.comparing(Schema.Field::name))
                .toList();
        int count = fields.size();
        byte[][] names = new byte[count][];
        int[] positions = new int[count];
        ValueText[] values = new ValueText[count];
        String[] required = new String[count];
        for (int i = 0; i < count; i++) {
            Schema.Field field = fields.get(i);
            String fieldPath = path.isEmpty() ? field.name() : path + "." + field.name();
            positions[i] = field.pos();
            names[i] = (field.name() + "=").getBytes(StandardCharsets.UTF_8);
            values[i] = of(Schemas.nonNull(field.schema()), fieldPath);
            required[i] = field.schema().isNullable() ? null : fieldPath;
        }
        return (value, out) -> {
            IndexedRecord row = (IndexedRecord) value;
            for (int i = 0; i < count; i++) {
                Object cell = row.get(positions[i]);
                if (cell != null) {
                    values[i].append(cell, out.append(names[i]));
                } else if (required[i] != null) {
                    throw new MisfitException(required[i], "must not be null");
                }
            }
        };
    }

    private ValueText of(Schema schema, String path) {
        LogicalType logical = schema.getLogicalType();
        return switch (schema.getType()) {
            case BOOLEAN -> (value, out) -> out.append(raw.checked(Boolean.class, value, schema, path) ? 't' : 'f');
            case INT, LONG -> integer(schema, path);
            case FLOAT, DOUBLE ->
                (value, out) -> {
                    double number = raw.floating(value, schema, path);
                    if (Double.isNaN(number)) {
                        out.ascii("nan;");
                    } else {
                        out.append(number == 0 ? 0 : Double.doubleToLongBits(number))
                                .append(';');
                    }
                };
            case STRING -> Schemas.isUuid(schema) ? uuid(schema, path) : string(schema, path);
            case ENUM -> symbol(schema, path);
            case BYTES, FIXED ->
                logical instanceof LogicalTypes.Decimal decimal
                        ? decimal(schema, decimal, path)
                        : Schemas.isUuid(schema) ? uuid(schema, path) : blob(schema, path);
            case ARRAY -> list(schema, path);
            case MAP -> map(schema, path);
            case RECORD -> struct(schema, path);
            case UNION, NULL -> throw new IllegalArgumentException("no column has the type " + schema);
        };
    }

    private ValueText string(Schema schema, String path) {
        return (value, out) -> out.prefixed(raw.checked(CharSequence.class, value, schema, path));
    }

    private ValueText integer(Schema schema, String path) {
        LakeTime time = LakeTime.of(schema);
        if (time == null) {
            return (value, out) -> out.append(raw.integer(value, schema, path)).append(';');
        }
        return (value, out) -> {
            long number = raw.integer(value, schema, path);
            String infinite = time.infinity(number);
            if (infinite != null) {
                out.ascii(infinite);
            } else {
                out.append(raw.inRange(() -> time.lakeUnits(number), value, path));
            }
            out.append(';');
        };
    }

    private ValueText symbol(Schema schema, String path) {
        Set<String> symbols = new HashSet<>(schema.getEnumSymbols());
        return (value, out) -> {
            String symbol = value.toString();
            if (!symbols.contains(symbol)) {
                throw MisfitException.expected(path, "one of " + schema.getEnumSymbols(), value);
            }
            out.prefixed(symbol);
        };
    }

    private ValueText uuid(Schema schema, String path) {
        return (value, out) -> {
            Object given = raw.unconverted(value, schema, path);
            if (given instanceof GenericFixed fixed) {
                ByteBuffer bytes =
                        ByteBuffer.wrap(raw.bytes(fixed, schema, path).array());
                out.ascii(new UUID(bytes.getLong(), bytes.getLong()).toString()).append(';');
                return;
            }
            try {
                out.ascii(UUID.fromString(given.toString()).toString()).append(';');
            } catch (IllegalArgumentException e) {
                throw MisfitException.expected(path, "a UUID", value);
            }
        };
    }

    private ValueText blob(Schema schema, String path) {
        return (value, out) -> {
            ByteBuffer bytes = raw.bytes(value, schema, path);
            if (bytes.hasArray()) {
                out.hex(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            } else {
                byte[] copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                out.hex(copy, 0, copy.length);
            }
            out.append(';');
        };
    }

    private ValueText decimal(Schema schema, LogicalTypes.Decimal type, String path) {
        BigInteger limit = BigInteger.TEN.pow(type.getPrecision());
        return (value, out) -> {
            ByteBuffer bytes = raw.bytes(value, schema, path).duplicate();
            byte[] twosComplement = new byte[bytes.remaining()];
            bytes.get(twosComplement);
            if (twosComplement.length == 0) {
                throw new MisfitException(path, "takes a decimal number, not zero bytes");
            }
            BigInteger unscaled = new BigInteger(twosComplement);
            if (unscaled.abs().compareTo(limit) >= 0) {
                throw MisfitException.expected(
                        path, new LakeType.DecimalType(type.getPrecision(), type.getScale()).sql(), value);
            }
            out.ascii(new BigDecimal(unscaled, type.getScale()).toPlainString()).append(';');
        };
    }

    private ValueText list(Schema schema, String path) {
        ValueText element = orNull(schema.getElementType(), path + "[]");
        return (value, out) -> {
            out.append('[');
            for (Object e : raw.checked(Collection.class, value, schema, path)) {
                element.append(e, out);
            }
            out.append(']');
        };
    }

    private ValueText map(Schema schema, String path) {
        ValueText entry = orNull(schema.getValueType(), path + "{}");
        return (value, out) -> {
            out.append('{');
            Map<?, ?> map = raw.checked(Map.class, value, schema, path);
            for (Map.Entry<?, ?> e : map.entrySet()) {
                if (!(e.getKey() instanceof CharSequence key)) {
                    throw MisfitException.expected(path, "text as the keys of a map", e.getKey());
                }
                entry.append(e.getValue(), out.prefixed(key));
            }
            out.append('}');
        };
    }

    private ValueText struct(Schema schema, String path) {
        ValueText fields = fields(schema, path);
        return (value, out) -> {
            IndexedRecord record = raw.checked(IndexedRecord.class, value, schema, path);
            if (!Schemas.sameShape(record.getSchema(), schema)) {
                throw new MisfitException(
                        path, "takes a record of " + schema.getFullName() + ", not of " + record.getSchema());
            }
            fields.append(record, out.append('('));
            out.append(')');
        };
    }

    private ValueText orNull(Schema schema, String path) {
        ValueText text = of(Schemas.nonNull(schema), path);
        boolean nullable = schema.isNullable();
        return (value, out) -> {
            if (value != null) {
                text.append(value, out);
            } else if (nullable) {
                out.append('N');
            } else {
                throw new MisfitException(path, "must not be null");
            }
        };
    }
}
