package dev.millrace.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * What tells a content from others. Every object that Millrace puts carries its hash as metadata, since no ETag or checksum
 * of S3 is the same for single and multipart puts on all servers.
 *
 * @param sizeBytes the length
 * @param sha256 the hash in hexadecimal digits; absent where somebody else has put the object
 */
record S3Content(long sizeBytes, Optional<String> sha256) {
    private static final String METADATA = "millrace-sha256";

    static S3Content of(Path file) throws IOException {
        try (DigestOutputStream hashing = new DigestOutputStream(OutputStream.nullOutputStream(), newSha256())) {
            long sizeBytes = Files.copy(file, hashing);
            return new S3Content(
                    sizeBytes,
                    Optional.of(
                            HexFormat.of().formatHex(hashing.getMessageDigest().digest())));
        }
    }

    static S3Content of(HeadObjectResponse object) {
        return new S3Content(
                object.contentLength(), Optional.ofNullable(object.metadata().get(METADATA)));
    }

    Map<String, String> metadata() {
        return sha256.map(hash -> Map.of(METADATA, hash)).orElse(Map.of());
    }

    /** Whether both are the same, as far as size and hash tell. */
    Comparison compare(S3Content other) {
        if (sizeBytes != other.sizeBytes) {
            return Comparison.OTHER;
        }
        if (sha256.isEmpty() || other.sha256.isEmpty()) {
            return Comparison.TO_BE_READ;
        }
        return sha256.equals(other.sha256) ? Comparison.SAME : Comparison.OTHER;
    }

    /** What size and hash say of two contents. */
    enum Comparison {
        SAME,
        OTHER,
        /** One of them has no hash. */
        TO_BE_READ
    }

    /** Opens a content that has to be read for a comparison. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
