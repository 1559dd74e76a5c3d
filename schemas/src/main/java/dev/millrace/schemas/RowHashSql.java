package dev.millrace.schemas;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The hash of rows as an SQL expression of DuckDB, equal to the one that the staging writer leaves in a file's footer.
 *
 * <p>The hash of a set of rows is the sum of the rows' hashes modulo 2<sup>64</sup>, so neither the order of the rows nor
 * how they are spread over files matters. The hash of a row is the lower half of the MD5 of its canonical text, in the
 * byte order of {@code md5_number_lower}. The text is, for each column that is not NULL, in the order of the names,
 * the column's name, {@code =} and the value:
 *
 * <table>
 * <caption>Canonical text of a value</caption>
 * <tr><th>type</th><th>text</th></tr>
 * <tr><td>BOOLEAN</td><td>{@code t} or {@code f}</td></tr>
 * <tr><td>INTEGER, BIGINT</td><td>decimal digits, {@code ;}</td></tr>
 * <tr><td>FLOAT, DOUBLE</td><td>the bits of the value as a 64-bit IEEE 754 number, read as a signed integer, in decimal digits,
 *     {@code ;} with {@code 0} for both zeros (sorting in the engine turns -0.0 into 0.0) and {@code nan} for every NaN</td></tr>
 * <tr><td>VARCHAR</td><td>length in UTF-8 bytes, {@code :}, the text</td></tr>
 * <tr><td>BLOB</td><td>upper-case hexadecimal digits, {@code ;}</td></tr>
 * <tr><td>UUID</td><td>lower-case digits with hyphens, {@code ;}</td></tr>
 * <tr><td>DATE</td><td>days since 1970-01-01, {@code ;}</td></tr>
 * <tr><td>TIME</td><td>microseconds since midnight, {@code ;}</td></tr>
 * <tr><td>TIMESTAMP, with or without time zone</td><td>microseconds since 1970-01-01T00:00, {@code ;}</td></tr>
 * <tr><td>TIMESTAMP_NS</td><td>nanoseconds since 1970-01-01T00:00, {@code ;}</td></tr>
 * <tr><td>DECIMAL</td><td>plain notation with all digits of the scale, at least one digit before the point, {@code ;}</td></tr>
 * <tr><td>list</td><td>{@code [} elements {@code ]}</td></tr>
 * <tr><td>map</td><td><code>{</code> key, value, key, value, … in the order of the map <code>}</code></td></tr>
 * <tr><td>struct</td><td>{@code (} its fields as the columns of a row {@code )}</td></tr>
 * </table>
 *
 * <p>Infinite dates and timestamps are {@code infinity;} and {@code -infinity;}. NULL is {@code N} as an element or as a
 * map's value. As a column or a field it leaves no trace, so that adding a nullable column changes no hash,
 * and neither does another order of the columns.
 */
public final class RowHashSql {
    /** Begins {@link #STATED} where an older writer has left the hash, which can't be compared with this one. */
    public static final String OLDER = "1:";

    /**
     * What a footer says of the hash of its rows, as an expression of type VARCHAR over {@code parquet_kv_metadata}: NULL where it says
     * nothing. Anybody may write anything into a footer.
     */
    public static final String STATED = """
            coalesce([decode(kv.value) FOR kv IN parquet_kv_metadata IF kv.key = encode('%s')][1],
                '%s' || [decode(kv.value) FOR kv IN parquet_kv_metadata IF kv.key = encode('%s')][1])""".formatted(FooterKeys.ROW_HASH, OLDER, FooterKeys.OLDER_ROW_HASH);

    private RowHashSql() {}

    /** The hash of one row, as an expression of type UBIGINT over columns of these names. */
    public static String row(List<Column> columns) {
        return "md5_number_lower(" + fields("", columns, 0) + ")";
    }

    /** The hash of all rows, as an aggregate that gives 16 hexadecimal digits; for no rows, 16 zeros. */
    public static String aggregate(List<Column> columns) {
        return "format('{:016x}', (coalesce(sum(" + row(columns) + "), 0) % 18446744073709551616)::UBIGINT)";
    }

    private static String fields(String parent, List<Column> columns, int depth) {
        return columns.stream()
                .sorted(Comparator.comparing(Column::name))
                .map(c -> {
                    String value = parent + quoted(c.name());
                    return "CASE WHEN " + value + " IS NULL THEN '' ELSE '"
                            + c.name().replace("'", "''") + "=' || " + text(value, c.type(), depth) + " END";
                })
                .collect(Collectors.joining(" || "));
    }

    /** The text of a value that is not NULL. */
    private static String text(String value, LakeType type, int depth) {
        if (type instanceof LakeType.Scalar scalar) {
            return scalar(value, scalar);
        }
        if (type instanceof LakeType.DecimalType decimal) {
            return decimal(value, decimal) + " || ';'";
        }
        if (type instanceof LakeType.StructType struct) {
            return "'(' || " + fields("(" + value + ").", struct.fields(), depth) + " || ')'";
        }
        String entry = "millrace_e" + depth;
        if (type instanceof LakeType.ListType list) {
            return "'[' || " + joined(value, entry, orNull(entry, list.element(), depth + 1)) + " || ']'";
        }
        LakeType.MapType map = (LakeType.MapType) type;
        return "'{' || "
                + joined(
                        "map_entries(" + value + ")",
                        entry,
                        text(entry + ".\"key\"", LakeType.Scalar.VARCHAR, depth + 1) + " || "
                                + orNull(entry + ".\"value\"", map.value(), depth + 1))
                + " || '}'";
    }

    private static String scalar(String value, LakeType.Scalar type) {
        return switch (type) {
            case BOOLEAN -> "CASE WHEN " + value + " THEN 't' ELSE 'f' END";
            case VARCHAR -> "strlen(" + value + ")::VARCHAR || ':' || " + value;
            case INTEGER, BIGINT, UUID -> value + "::VARCHAR || ';'";
            case FLOAT, DOUBLE ->
                "CASE WHEN " + value + " = 0 THEN '0' WHEN isnan(" + value + ") THEN 'nan' ELSE (" + value
                        + "::DOUBLE)::BIT::BIGINT::VARCHAR END || ';'";
            case BLOB -> "hex(" + value + ") || ';'";
            case DATE -> orInfinite("date_diff('day', DATE '1970-01-01', " + value + ")", value);
            case TIME -> "epoch_us(" + value + ")::VARCHAR || ';'";
            case TIMESTAMP, TIMESTAMP_TZ -> orInfinite("epoch_us(" + value + ")", value);
            case TIMESTAMP_NS -> orInfinite("epoch_ns(" + value + ")", value);
        };
    }

    private static String orInfinite(String number, String value) {
        return "coalesce(" + number + "::VARCHAR, " + value + "::VARCHAR) || ';'";
    }

    /** The engine leaves out the zero before the point where all digits are decimals. */
    private static String decimal(String value, LakeType.DecimalType type) {
        String plain = value + "::VARCHAR";
        return type.scale() < type.precision()
                ? plain
                : "CASE WHEN " + value + " < 0 THEN '-0' || ltrim(" + plain + ", '-0') ELSE '0' || ltrim(" + plain
                        + ", '0') END";
    }

    private static String orNull(String value, LakeType type, int depth) {
        return "CASE WHEN " + value + " IS NULL THEN 'N' ELSE " + text(value, type, depth) + " END";
    }

    private static String joined(String list, String entry, String text) {
        return "array_to_string(list_transform(" + list + ", lambda " + entry + ": " + text + "), '')";
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
