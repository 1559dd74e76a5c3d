package dev.millrace.ingester;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The text of a row as the driver gives it, and the digest of all rows: what {@code parquet-testing/expect.py} makes of what pyarrow reads. */
final class RowText {
    private BigInteger sum = BigInteger.ZERO;
    private long rows;

    /** Adds a row, without the column of a name. */
    void add(ResultSet row, String without) throws SQLException {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            String name = row.getMetaData().getColumnName(i);
            if (!name.equals(without)) {
                cells.add(sized(name) + text(row.getObject(i)));
            }
        }
        byte[] md5 = md5(String.join(",", cells));
        sum = sum.add(new BigInteger(1, Arrays.copyOfRange(md5, 8, 16)));
        rows++;
    }

    /** The number of rows and their digest. */
    String total() {
        return rows + "\t" + String.format("%016x", sum.mod(BigInteger.ONE.shiftLeft(Long.SIZE)));
    }

    private static String text(Object value) throws SQLException {
        if (value == null) {
            return "N";
        }
        if (value instanceof Boolean flag) {
            return flag ? "t" : "f";
        }
        if (value instanceof Float || value instanceof Double) {
            double number = ((Number) value).doubleValue();
            return Double.isNaN(number) ? "nan" : number == 0 ? "0" : Long.toString(Double.doubleToRawLongBits(number));
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof Number) {
            return value.toString();
        }
        if (value instanceof Blob blob) {
            return HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
        }
        if (value instanceof LocalDate date) {
            return Long.toString(date.toEpochDay());
        }
        if (value instanceof LocalTime time) {
            return Long.toString(time.toNanoOfDay() / 1_000);
        }
        if (value instanceof Timestamp timestamp) {
            return micros(timestamp.toLocalDateTime().atOffset(ZoneOffset.UTC));
        }
        if (value instanceof OffsetDateTime time) {
            return micros(time);
        }
        if (value instanceof Struct struct) {
            return "(" + joined(Arrays.asList(struct.getAttributes())) + ")";
        }
        if (value instanceof Array array) {
            return "[" + joined(Arrays.asList((Object[]) array.getArray())) + "]";
        }
        if (value instanceof Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                entries.add(text(entry.getKey()) + "=" + text(entry.getValue()));
            }
            return "{" + String.join(",", entries) + "}";
        }
        return sized(value.toString());
    }

    private static String joined(List<Object> values) throws SQLException {
        List<String> texts = new ArrayList<>();
        for (Object value : values) {
            texts.add(text(value));
        }
        return String.join(",", texts);
    }

    private static String micros(Temporal time) {
        return Long.toString(
                ChronoUnit.MICROS.between(OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC), time));
    }

    private static String sized(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length + ":" + text;
    }

    private static byte[] md5(String text) {
        try {
            return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
