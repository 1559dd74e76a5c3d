package dev.millrace.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Deletes objects, a thousand by one request where the server can, else one by one. Thread-safe. */
record S3Deletion(S3Client client, S3Place place, S3Failures failures) {
    private static final int MAX_KEYS = 1_000;
    private static final String RIGHT = "s3:DeleteObject";

    void delete(Collection<String> keys) {
        List<String> inBucket = keys.stream().map(place::inBucket).toList();
        for (int from = 0; from < inBucket.size(); from += MAX_KEYS) {
            List<String> batch = inBucket.subList(from, Math.min(from + MAX_KEYS, inBucket.size()));
            if (batch.size() == 1) {
                deleteOne(batch.get(0));
            } else {
                deleteBatch(batch);
            }
        }
    }

    private void deleteBatch(List<String> batch) {
        List<ObjectIdentifier> objects = batch.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        List<String> left = new ArrayList<>();
        try {
            client
                    .deleteObjects(r -> r.bucket(place.bucket())
                            .delete(d -> d.objects(objects).quiet(true))
                            .overrideConfiguration(S3Connection.TRANSFER))
                    .errors()
                    .stream()
                    .map(S3Error::key)
                    .forEach(left::add);
        } catch (SdkException e) {
            if (!S3Answers.isUnknownRequest(e)) {
                throw failures.failed(
                        "cannot delete " + batch.size() + " objects in " + place.root() + ", '"
                                + place.key(batch.get(0)) + "' first",
                        RIGHT,
                        e);
            }
            left.addAll(batch);
        }
        // The answer to a single one says more than a line in the answer to a batch, and is repeated when it is worth
        // it.
        left.forEach(this::deleteOne);
    }

    private void deleteOne(String inBucket) {
        try {
            client.deleteObject(r -> r.bucket(place.bucket()).key(inBucket));
        } catch (SdkException e) {
            if (!S3Answers.isMissing(e)) {
                throw failures.failed("cannot delete '" + place.key(inBucket) + "' in " + place.root(), RIGHT, e);
            }
        }
    }
}
