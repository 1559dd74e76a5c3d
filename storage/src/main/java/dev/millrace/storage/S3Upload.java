package dev.millrace.storage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** One multipart upload: begun, filled part by part, and then completed if its key is still free, or aborted. Not thread-safe. */
final class S3Upload {
    static final int MAX_PARTS = 10_000;

    /** An abort after a failure should not wait for a server that is gone. */
    private static final Duration ABORT = Duration.ofSeconds(5);

    private final S3Client client;
    private final String bucket;
    private final String key;
    private final String id;
    private final List<CompletedPart> parts = new ArrayList<>();

    private S3Upload(S3Client client, String bucket, String key, String id) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
        this.id = id;
    }

    /** Begins one that is filled by {@link #add}. */
    static S3Upload ofParts(S3Client client, String bucket, String key, Map<String, String> metadata) {
        CreateMultipartUploadRequest.Builder request = begin(bucket, key, metadata);
        return begun(client, request.checksumAlgorithm(ChecksumAlgorithm.CRC32).build());
    }

    /** Begins one that is filled by {@link #addCopy}: not every server makes the checksums that it would ask for then. */
    static S3Upload ofCopies(S3Client client, String bucket, String key, Map<String, String> metadata) {
        return begun(client, begin(bucket, key, metadata).build());
    }

    private static CreateMultipartUploadRequest.Builder begin(String bucket, String key, Map<String, String> metadata) {
        return CreateMultipartUploadRequest.builder().bucket(bucket).key(key).metadata(metadata);
    }

    private static S3Upload begun(S3Client client, CreateMultipartUploadRequest request) {
        return new S3Upload(
                client,
                request.bucket(),
                request.key(),
                client.createMultipartUpload(request).uploadId());
    }

    void add(RequestBody body) {
        int number = parts.size() + 1;
        UploadPartResponse part = client.uploadPart(
                r -> r.bucket(bucket)
                        .key(key)
                        .uploadId(id)
                        .partNumber(number)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                        .overrideConfiguration(S3Connection.TRANSFER),
                body);
        parts.add(CompletedPart.builder()
                .partNumber(number)
                .eTag(part.eTag())
                .checksumCRC32(part.checksumCRC32())
                .build());
    }

    /** Adds a range of bytes of another object, which must still have an ETag. */
    void addCopy(String sourceBucket, String sourceKey, String sourceETag, long from, long length) {
        int number = parts.size() + 1;
        UploadPartCopyResponse part = client.uploadPartCopy(r -> r.sourceBucket(sourceBucket)
                .sourceKey(sourceKey)
                .copySourceIfMatch(sourceETag)
                .copySourceRange("bytes=" + from + "-" + (from + length - 1))
                .destinationBucket(bucket)
                .destinationKey(key)
                .uploadId(id)
                .partNumber(number)
                .overrideConfiguration(S3Connection.TRANSFER));
        parts.add(CompletedPart.builder()
                .partNumber(number)
                .eTag(part.copyPartResult().eTag())
                .checksumCRC32(part.copyPartResult().checksumCRC32())
                .build());
    }

    /** Makes the object of the parts; fails when the key is taken. */
    void completeIfAbsent() {
        client.completeMultipartUpload(r -> r.bucket(bucket)
                .key(key)
                .uploadId(id)
                .ifNoneMatch("*")
                .multipartUpload(m -> m.parts(parts))
                .overrideConfiguration(S3Connection.TRANSFER));
    }

    /** Frees the parts. Does nothing when the upload was completed; one that can't be aborted is left to the removal of old ones. */
    void abortAfter(SdkException failure) {
        // An interrupted thread's request would end before it began.
        boolean interrupted = Thread.interrupted();
        try {
            client.abortMultipartUpload(
                    r -> r.bucket(bucket).key(key).uploadId(id).overrideConfiguration(c -> c.apiCallTimeout(ABORT)));
        } catch (SdkException e) {
            if (!S3Answers.isMissing(e)) {
                failure.addSuppressed(e);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
