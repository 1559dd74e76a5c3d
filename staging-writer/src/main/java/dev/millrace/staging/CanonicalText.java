package dev.millrace.staging;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.apache.avro.util.Utf8;

/** A growing buffer for the canonical text of one row, filled again for every row. */
final class CanonicalText {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MIN_LONG = Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);
    private static final int LONG_DIGITS = 19;

    private byte[] bytes = new byte[1024];
    private int length;

    void clear() {
        length = 0;
    }

    void digest(MessageDigest md5) {
        md5.update(bytes, 0, length);
    }

    CanonicalText append(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    CanonicalText append(byte[] text) {
        return append(text, text.length);
    }

    CanonicalText ascii(String text) {
        int size = text.length();
        ensure(size);
        for (int i = 0; i < size; i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    CanonicalText append(long number) {
        if (number == Long.MIN_VALUE) {
            return append(MIN_LONG);
        }
        ensure(LONG_DIGITS + 1);
        if (number < 0) {
            bytes[length++] = '-';
        }
        long rest = Math.abs(number);
        int digits = 1;
        for (long bound = 10; digits < LONG_DIGITS && rest >= bound; bound *= 10) {
            digits++;
        }
        int end = length + digits;
        for (int i = end - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length = end;
        return this;
    }

    /** The length in UTF-8 bytes, a colon, the text. */
    CanonicalText prefixed(CharSequence text) {
        if (text instanceof Utf8 utf8) {
            append(utf8.getByteLength()).append(':');
            return append(utf8.getBytes(), utf8.getByteLength());
        }
        byte[] encoded = text.toString().getBytes(StandardCharsets.UTF_8);
        return append(encoded.length).append(':').append(encoded);
    }

    CanonicalText hex(byte[] data, int offset, int size) {
        ensure(Math.multiplyExact(size, 2));
        for (int i = offset; i < offset + size; i++) {
            bytes[length++] = HEX[(data[i] >> 4) & 0xf];
            bytes[length++] = HEX[data[i] & 0xf];
        }
        return this;
    }

    private CanonicalText append(byte[] text, int size) {
        ensure(size);
        System.arraycopy(text, 0, bytes, length, size);
        length += size;
        return this;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length + (bytes.length >> 1)));
        }
    }
}
