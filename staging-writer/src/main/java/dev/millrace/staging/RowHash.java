package dev.millrace.staging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/**
 * The order-independent hash of rows, defined in {@code RowHashSql}, which computes the same over the lake. Checks on its way
 * that each row fits the schema. Not thread-safe.
 */
final class RowHash {
    private static final int MD5_BYTES = 16;

    private final ValueText fields;
    private final CanonicalText text = new CanonicalText();
    private final byte[] digest = new byte[MD5_BYTES];
    private final ByteBuffer digestView = ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN);
    private final MessageDigest md5;
    private long sum;

    RowHash(Schema schema, GenericData model) {
        fields = new ValueTexts(model).fields(schema, "");
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    /**
     * Adds a row.
     *
     * @throws MisfitException when a value of it does not fit the schema; the hash is as before
     */
    void add(IndexedRecord row) {
        text.clear();
        fields.append(row, text);
        text.digest(md5);
        try {
            md5.digest(digest, 0, MD5_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("an MD5 has 16 bytes", e);
        }
        sum += digestView.getLong(Long.BYTES);
    }

    /** The hash of the rows so far as 16 hexadecimal digits; further rows start anew. */
    String take() {
        String hex = HexFormat.of().toHexDigits(sum);
        sum = 0;
        return hex;
    }
}
