package dev.millrace.storage;

import java.time.Instant;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Aborts the multipart uploads that nobody completes any more. Thread-safe. */
record S3AbandonedUploads(S3Client client, S3Place place, S3Failures failures) {
    private static final String LIST = "s3:ListBucketMultipartUploads of the bucket";
    private static final String ABORT = "s3:AbortMultipartUpload";

    int removeBegunBefore(Instant before, String keyPrefix) {
        String prefix = place.prefixInBucket(keyPrefix);
        try {
            int removed = remove(prefix, prefix, before);
            // MinIO takes the prefix for a whole key, and lists all uploads when there is none.
            return removed > 0 || prefix.isEmpty() ? removed : remove("", prefix, before);
        } catch (SdkException e) {
            throw failures.failed("cannot look for abandoned puts in " + place.root(), LIST, e);
        }
    }

    private int remove(String asked, String prefix, Instant before) {
        int removed = 0;
        for (MultipartUpload upload : client.listMultipartUploadsPaginator(
                        r -> r.bucket(place.bucket()).prefix(asked).encodingType(S3Listing.KEYS))
                .uploads()) {
            if (upload.key().startsWith(prefix) && upload.initiated().isBefore(before)) {
                abort(upload);
                removed++;
            }
        }
        return removed;
    }

    private void abort(MultipartUpload upload) {
        try {
            client.abortMultipartUpload(
                    r -> r.bucket(place.bucket()).key(upload.key()).uploadId(upload.uploadId()));
        } catch (SdkException e) {
            if (!S3Answers.isMissing(e)) {
                throw failures.failed(
                        "cannot remove the abandoned put of '" + place.key(upload.key()) + "' in " + place.root(),
                        ABORT,
                        e);
            }
        }
    }
}
