package dev.millrace.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.input.BoundedInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Puts the content of a file under a key that is free, by one request, or by a multipart upload when it is large. The
 * condition is the server's ({@code If-None-Match: *}), on the put or on the completion of the upload. Thread-safe.
 *
 * @param uncertain what was put without learning the outcome
 */
record S3Put(S3Client client, S3Place place, S3Comparison comparison, UncertainPuts uncertain, S3Failures failures) {
    static final long MULTIPART_FROM_BYTES = 32L << 20;
    private static final long MIN_PART_BYTES = 16L << 20;
    private static final String OCTETS = "application/octet-stream";

    /** A completion that collides with another one voids its upload. */
    private static final int MAX_UPLOADS = 3;

    /** As {@link ObjectStore#putIfAbsent}, but for taking the file over. */
    PutOutcome putIfAbsent(String key, Path file) {
        S3Content content;
        try {
            content = S3Content.of(file);
        } catch (IOException e) {
            throw FolderFailures.failed("cannot read the spool file of '" + key + "'", e);
        }
        boolean mayBeOurs = uncertain.contains(key, content);
        PutOutcome outcome;
        try {
            send(place.inBucket(key), file, content);
            outcome = PutOutcome.CREATED;
        } catch (SdkException e) {
            outcome = afterFailure(key, file, content, mayBeOurs || S3Answers.hadAttempts(e), e);
        }
        uncertain.remove(key);
        return outcome;
    }

    private PutOutcome afterFailure(String key, Path file, S3Content content, boolean mayBeOurs, SdkException e) {
        if (S3Answers.isTaken(e) || (mayBeOurs && S3Answers.isMissingUpload(e))) {
            return comparison.withTaken(key, content, () -> Files.newInputStream(file), mayBeOurs);
        }
        if (S3Answers.isUncertain(e)) {
            uncertain.add(key, content);
        }
        throw failures.failed("cannot store '" + key + "' in " + place.root(), "s3:PutObject", e);
    }

    private void send(String key, Path file, S3Content content) {
        if (content.sizeBytes() < MULTIPART_FROM_BYTES) {
            client.putObject(
                    r -> r.bucket(place.bucket())
                            .key(key)
                            .ifNoneMatch("*")
                            .metadata(content.metadata())
                            .overrideConfiguration(S3Connection.TRANSFER),
                    body(file, 0, content.sizeBytes()));
            return;
        }
        for (int uploads = 1; !upload(key, file, content, uploads == MAX_UPLOADS); uploads++) {}
    }

    private boolean upload(String key, Path file, S3Content content, boolean last) {
        long partBytes = Math.max(MIN_PART_BYTES, (content.sizeBytes() + S3Upload.MAX_PARTS - 1) / S3Upload.MAX_PARTS);
        S3Upload upload = S3Upload.ofParts(client, place.bucket(), key, content.metadata());
        try {
            for (long from = 0; from < content.sizeBytes(); from += partBytes) {
                upload.add(body(file, from, Math.min(partBytes, content.sizeBytes() - from)));
            }
            upload.completeIfAbsent();
            return true;
        } catch (SdkException e) {
            upload.abortAfter(e);
            if (!last && S3Answers.isCollision(e)) {
                return false;
            }
            throw e;
        }
    }

    private static RequestBody body(Path file, long from, long length) {
        return RequestBody.fromContentProvider(() -> range(file, from, length), length, OCTETS);
    }

    private static InputStream range(Path file, long from, long length) {
        try {
            SeekableByteChannel channel = Files.newByteChannel(file).position(from);
            return BoundedInputStream.builder()
                    .setInputStream(Channels.newInputStream(channel))
                    .setMaxCount(length)
                    .get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
