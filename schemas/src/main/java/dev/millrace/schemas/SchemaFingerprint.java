package dev.millrace.schemas;

import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/** The SHA-256 of a schema's parsing canonical form, as the Avro specification defines it. */
public final class SchemaFingerprint {
    private SchemaFingerprint() {}

    /** The fingerprint in hexadecimal digits. */
    public static String of(Schema schema) {
        try {
            return HexFormat.of().formatHex(SchemaNormalization.parsingFingerprint("SHA-256", schema));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
