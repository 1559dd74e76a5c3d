package dev.millrace.storage;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Copies objects within one service, without a byte passing through this process. Thread-safe.
 *
 * <p>Always by a multipart upload whose parts are ranges of the source: its completion takes the condition that the key is
 * free on every server, while MinIO ignores that condition on a plain copy and overwrites. It has no limit of size either.
 *
 * @param comparison looks where the copies go to
 * @param partBytes how much a server copies by one request
 */
record S3Copy(S3Client client, S3Comparison comparison, long partBytes, S3Failures failures) {
    /** A server answers after it has copied a part, so a part must not take longer than a connection may be silent. */
    static final long PART_BYTES = 256L << 20;

    PutOutcome copyIfAbsent(S3Comparison source, HeadObjectResponse found, String sourceKey, String key) {
        S3Place place = comparison.place();
        S3Content content = S3Content.of(found);
        S3Upload upload = null;
        try {
            upload = S3Upload.ofCopies(client, place.bucket(), place.inBucket(key), content.metadata());
            copyParts(upload, source.place(), sourceKey, found);
            upload.completeIfAbsent();
            return PutOutcome.CREATED;
        } catch (SdkException e) {
            if (upload != null) {
                upload.abortAfter(e);
            }
            boolean mayBeOurs = S3Answers.hadAttempts(e);
            if (S3Answers.isTaken(e) || (mayBeOurs && S3Answers.isMissingUpload(e))) {
                return comparison.withTaken(key, content, () -> source.open(sourceKey, 0), mayBeOurs);
            }
            throw failures.failed(
                    "cannot copy '" + sourceKey + "' of " + source.place().root() + " to '" + key + "' in "
                            + place.root(),
                    S3Comparison.READ + " of the source and s3:PutObject",
                    e);
        }
    }

    private void copyParts(S3Upload upload, S3Place from, String sourceKey, HeadObjectResponse found) {
        long sizeBytes = found.contentLength();
        for (long start = 0; start < sizeBytes; start += partBytes) {
            upload.addCopy(
                    from.bucket(),
                    from.inBucket(sourceKey),
                    found.eTag(),
                    start,
                    Math.min(partBytes, sizeBytes - start));
        }
    }
}
