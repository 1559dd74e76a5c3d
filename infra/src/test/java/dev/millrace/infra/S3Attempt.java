package dev.millrace.infra;

import static dev.millrace.infra.ObjectStoreServer.LAKE_BUCKET;

import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What one client tries at one place. Each method throws an {@link S3Exception} with the server's refusal.
 *
 * @param admin prepares what the actor works on
 * @param key of an object that is there
 * @param newKey of none
 */
record S3Attempt(S3Client actor, S3Client admin, String bucket, String key, String newKey) {
    private static final String WRITTEN = "written by the actor";

    void putNew() {
        actor.putObject(b -> b.bucket(bucket).key(newKey), body());
    }

    void putNewIfAbsent() {
        actor.putObject(b -> b.bucket(bucket).key(newKey).ifNoneMatch("*"), body());
    }

    void overwrite() {
        actor.putObject(b -> b.bucket(bucket).key(key), body());
    }

    void overwriteIfAbsent() {
        actor.putObject(b -> b.bucket(bucket).key(key).ifNoneMatch("*"), body());
    }

    void get() {
        actor.getObjectAsBytes(b -> b.bucket(bucket).key(key));
    }

    void head() {
        actor.headObject(b -> b.bucket(bucket).key(key));
    }

    void list() {
        actor.listObjectsV2(b -> b.bucket(bucket).prefix(key.substring(0, key.indexOf('/') + 1)));
    }

    void delete() {
        actor.deleteObject(b -> b.bucket(bucket).key(key));
    }

    void deleteBatch() {
        ObjectIdentifier object = ObjectIdentifier.builder().key(key).build();
        DeleteObjectsResponse answer = actor.deleteObjects(b -> b.bucket(bucket).delete(d -> d.objects(object)));
        if (answer.hasErrors()) {
            String code = answer.errors().get(0).code();
            throw (S3Exception) S3Exception.builder()
                    .statusCode(code.equals("AccessDenied") ? 403 : 500)
                    .message(code)
                    .build();
        }
    }

    void copyFrom() {
        actor.copyObject(b -> b.sourceBucket(bucket)
                .sourceKey(key)
                .destinationBucket(LAKE_BUCKET)
                .destinationKey("copies/" + newKey));
    }

    void copyTo() {
        String source = "sources/" + newKey;
        admin.putObject(b -> b.bucket(LAKE_BUCKET).key(source), body());
        actor.copyObject(b -> b.sourceBucket(LAKE_BUCKET)
                .sourceKey(source)
                .destinationBucket(bucket)
                .destinationKey(newKey));
    }

    void multipartCreate() {
        upload(actor, newKey);
    }

    void multipartPart() {
        part(actor, newKey, upload(admin, newKey));
    }

    void multipartComplete() {
        String upload = upload(admin, newKey);
        complete(newKey, upload, part(admin, newKey, upload), null);
    }

    void multipartCompleteIfAbsent() {
        String upload = upload(admin, newKey);
        complete(newKey, upload, part(admin, newKey, upload), "*");
    }

    void multipartOverwriteIfAbsent() {
        String upload = upload(admin, key);
        complete(key, upload, part(admin, key, upload), "*");
    }

    void multipartAbort() {
        String upload = upload(admin, newKey);
        actor.abortMultipartUpload(b -> b.bucket(bucket).key(newKey).uploadId(upload));
    }

    void multipartListParts() {
        String upload = upload(admin, newKey);
        actor.listParts(b -> b.bucket(bucket).key(newKey).uploadId(upload));
    }

    void multipartListUploads() {
        actor.listMultipartUploads(b -> b.bucket(bucket));
    }

    private String upload(S3Client who, String ofKey) {
        return who.createMultipartUpload(b -> b.bucket(bucket).key(ofKey)).uploadId();
    }

    private CompletedPart part(S3Client who, String ofKey, String upload) {
        String tag = who.uploadPart(
                        b -> b.bucket(bucket).key(ofKey).uploadId(upload).partNumber(1), body())
                .eTag();
        return CompletedPart.builder().partNumber(1).eTag(tag).build();
    }

    private void complete(String ofKey, String upload, CompletedPart part, String ifNoneMatch) {
        actor.completeMultipartUpload(b -> b.bucket(bucket)
                .key(ofKey)
                .uploadId(upload)
                .ifNoneMatch(ifNoneMatch)
                .multipartUpload(m -> m.parts(List.of(part))));
    }

    private static RequestBody body() {
        return RequestBody.fromString(WRITTEN);
    }
}
