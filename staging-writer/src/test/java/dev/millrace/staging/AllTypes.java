package dev.millrace.staging;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * A dataset with every type that the lake has, and random rows of it: a third of the nullable values are null, and the
 * extremes of each type come often. The same seed gives the same rows.
 */
public final class AllTypes {
    public static final Schema SCHEMA = schema("all_types.avsc");
    public static final Contract CONTRACT = new Contract(
            DatasetName.parse("all_types"),
            SCHEMA,
            List.of(),
            List.of("instant_micros"),
            WriteMode.APPEND,
            EvolutionPolicy.ADD_COLUMNS);

    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final long YEAR_9999_MICROS = 253_402_300_799_999_999L;
    private static final long YEAR_1_MICROS = -62_135_596_800_000_000L;

    private final Random random;

    public AllTypes(long seed) {
        random = new Random(seed);
    }

    public List<GenericRecord> rows(int count) {
        List<GenericRecord> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row(i));
        }
        return rows;
    }

    private GenericRecord row(long id) {
        GenericData.Record row = new GenericData.Record(SCHEMA);
        row.put("id", id);
        maybe(row, "flag", random::nextBoolean);
        maybe(row, "int_", () -> pick(random.nextInt(), 0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE));
        maybe(row, "long_", () -> pick(random.nextLong(), 0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE));
        maybe(row, "float_", this::aFloat);
        maybe(row, "double_", this::aDouble);
        maybe(row, "text", this::text);
        maybe(row, "colour", () -> new GenericData.EnumSymbol(branch("colour"), pick("RED", "GREEN")));
        maybe(row, "blob", () -> ByteBuffer.wrap(bytes(random.nextInt(20))));
        maybe(row, "fixed_", () -> new GenericData.Fixed(branch("fixed_"), bytes(5)));
        maybe(
                row,
                "uuid_text",
                () -> pick(uuid(), uuid().toString(), uuid().toString().toUpperCase(java.util.Locale.ROOT)));
        maybe(row, "uuid_fixed", this::uuid);
        maybe(
                row,
                "date_",
                () -> pick(
                        random.nextInt(3_000_000) - 719_162,
                        LocalDate.ofEpochDay(random.nextInt(20_000)),
                        LocalDate.of(1, 1, 1),
                        LocalDate.of(9999, 12, 31)));
        maybe(row, "time_millis", () -> pick(random.nextInt(86_400_000), LocalTime.MIDNIGHT, LocalTime.MAX));
        maybe(row, "time_micros", () -> pick(random.nextLong(MICROS_PER_DAY), LocalTime.MIDNIGHT, LocalTime.MAX));
        maybe(row, "instant_millis", () -> pick(micros() / 1_000, instant(), Instant.EPOCH));
        maybe(row, "instant_micros", () -> pick(micros(), instant(), YEAR_1_MICROS, YEAR_9999_MICROS, -1L));
        maybe(row, "instant_nanos", () -> pick(random.nextLong(), -1L, -999L, -1_001L, 1_999L, instant()));
        maybe(row, "local_millis", () -> pick(micros() / 1_000, local()));
        maybe(row, "local_micros", () -> pick(micros(), local(), YEAR_1_MICROS, YEAR_9999_MICROS, -1L));
        maybe(row, "local_nanos", () -> pick(random.nextLong(), -1L, 0L, local()));
        maybe(row, "decimal_small", () -> decimal(9, 2));
        maybe(row, "decimal_whole", () -> decimal(18, 0));
        maybe(row, "decimal_fraction", () -> decimal(5, 5));
        maybe(row, "decimal_large", () -> decimal(38, 10));
        maybe(row, "decimal_fixed", () -> decimal(20, 4));
        maybe(row, "list", () -> list(() -> random.nextInt(3) == 0 ? null : text()));
        maybe(row, "matrix", () -> list(() -> list(this::aDouble)));
        maybe(row, "map", () -> map(() -> random.nextInt(3) == 0 ? null : random.nextLong()));
        maybe(row, "struct", () -> struct(branch("struct")));
        maybe(row, "structs", () -> list(() -> struct(branch("structs").getElementType())));
        return row;
    }

    private GenericRecord struct(Schema schema) {
        GenericData.Record struct = new GenericData.Record(schema);
        struct.put("Name", text());
        struct.put("at", random.nextInt(3) == 0 ? null : instant());
        struct.put("price", decimal(12, 3));
        struct.put("tags", map(() -> list(() -> random.nextInt(3) == 0 ? null : text())));
        return struct;
    }

    private void maybe(GenericData.Record row, String field, Supplier<?> value) {
        row.put(field, random.nextInt(3) == 0 ? null : value.get());
    }

    private static Schema branch(String field) {
        return Schemas.nonNull(SCHEMA.getField(field).schema());
    }

    @SafeVarargs
    private <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private Object aFloat() {
        return pick(
                random.nextFloat(),
                Float.intBitsToFloat(random.nextInt()),
                0f,
                -0f,
                Float.NaN,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                Float.MIN_VALUE,
                -Float.MAX_VALUE);
    }

    private Object aDouble() {
        return pick(
                random.nextGaussian(),
                Double.longBitsToDouble(random.nextLong()),
                0d,
                -0d,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.MIN_VALUE,
                -Double.MAX_VALUE,
                0.1,
                1e22);
    }

    private String text() {
        return pick("", " ", "N", "5:abc", "a;b", "Zürich", "東京", "\uD83D\uDE00", "a'b\"c\\", "line\nbreak", "tab\t")
                + (random.nextBoolean() ? random.nextInt() : "");
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private long micros() {
        return random.nextLong(YEAR_1_MICROS, YEAR_9999_MICROS);
    }

    private Instant instant() {
        return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    }

    private LocalDateTime local() {
        return LocalDateTime.ofInstant(instant(), ZoneOffset.UTC);
    }

    private BigDecimal decimal(int precision, int scale) {
        BigInteger limit = BigInteger.TEN.pow(precision);
        BigInteger unscaled = pick(
                new BigInteger(128, random).mod(limit),
                BigInteger.ZERO,
                BigInteger.ONE,
                limit.subtract(BigInteger.ONE),
                BigInteger.valueOf(random.nextInt(10_000)));
        return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
    }

    private <T> List<T> list(Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    private <T> Map<String, T> map(Supplier<T> value) {
        Map<String, T> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(text(), value.get());
        }
        return map;
    }

    static Schema schema(String resource) {
        try (InputStream in = AllTypes.class.getResourceAsStream(resource)) {
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
