package dev.millrace.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * The checksum of a staged file that the staging writer leaves in its footer under {@link FooterKeys#CHECKSUM}: the CRC-32C of all bytes
 * of the file, with the eight digits of the checksum itself taken for {@code 0}.
 *
 * <p>It tells accidents, not intent: who changes a file on purpose can make another one.
 */
public final class FileChecksum {
    /** What stands in a footer before the digits are known. */
    public static final String PLACEHOLDER = "00000000";

    /** The key as Thrift's compact protocol writes it, and behind it the header and the length of the value (parquet.thrift, KeyValue). */
    private static final byte[] MARK = (FooterKeys.CHECKSUM + "\u0018\u0008").getBytes(StandardCharsets.US_ASCII);

    private FileChecksum() {}

    /** Where the digits stand in the last bytes of a file; empty when they don't. */
    public static OptionalInt digits(byte[] tail) {
        for (int at = tail.length - MARK.length - PLACEHOLDER.length(); at >= 0; at--) {
            if (Arrays.equals(tail, at, at + MARK.length, MARK, 0, MARK.length)) {
                return OptionalInt.of(at + MARK.length);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Ends the checksum of a file with its last bytes, whose digits are taken for zeros.
     *
     * @param before of all bytes before the last ones
     * @param at where the digits stand, as {@link #digits} has told
     */
    public static String hex(CRC32C before, byte[] tail, int at) {
        before.update(tail, 0, at);
        before.update(PLACEHOLDER.getBytes(StandardCharsets.US_ASCII));
        before.update(tail, at + PLACEHOLDER.length(), tail.length - at - PLACEHOLDER.length());
        return HexFormat.of().toHexDigits((int) before.getValue());
    }
}
