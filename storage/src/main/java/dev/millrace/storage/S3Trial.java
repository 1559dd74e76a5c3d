package dev.millrace.storage;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** Begins a multipart upload and aborts it: that takes the right to put, and no object is ever to be seen. Thread-safe. */
record S3Trial(S3Client client, S3Place place, S3Failures failures) {
    private static final String NO_UPLOAD = "none";

    void of(String key) {
        String inBucket = place.inBucket(key);
        try {
            // First, so that nothing is begun that this user may not give up.
            abort(inBucket, NO_UPLOAD);
        } catch (SdkException e) {
            if (S3Answers.isDenied(e)) {
                throw failures.failed(
                        "cannot give up a put of '" + key + "' in " + place.root(), "s3:AbortMultipartUpload", e);
            }
            // Another answer is about the upload, which there is none.
        }
        try {
            String upload = client.createMultipartUpload(
                            r -> r.bucket(place.bucket()).key(inBucket))
                    .uploadId();
            abort(inBucket, upload);
        } catch (SdkException e) {
            throw failures.failed("cannot store '" + key + "' in " + place.root(), "s3:PutObject", e);
        }
    }

    private void abort(String inBucket, String upload) {
        client.abortMultipartUpload(r -> r.bucket(place.bucket()).key(inBucket).uploadId(upload));
    }
}
