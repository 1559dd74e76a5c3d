package dev.millrace.storage;

import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a failed request to S3 means for those who made it. */
final class S3Answers {
    static final int SERVER_ERROR = 500;
    static final int NOT_IMPLEMENTED = 501;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;

    private S3Answers() {}

    /** A put found its key taken. */
    static boolean isTaken(SdkException e) {
        return e instanceof S3Exception s && s.statusCode() == PRECONDITION_FAILED;
    }

    /** Another conditional put of the same key was under way; it is not said which of them won. */
    static boolean isCollision(SdkException e) {
        return e instanceof S3Exception s
                && s.statusCode() == CONFLICT
                && code(s).map("ConditionalRequestConflict"::equals).orElse(false);
    }

    static boolean isMissing(SdkException e) {
        return e instanceof S3Exception s
                && s.statusCode() == NOT_FOUND
                && code(s).map(c -> !c.equals("NoSuchBucket")).orElse(true);
    }

    /** The upload that was to be completed is over: an earlier attempt has completed it, or it was aborted. */
    static boolean isMissingUpload(SdkException e) {
        return e instanceof S3Exception s && code(s).map("NoSuchUpload"::equals).orElse(false);
    }

    static boolean isDenied(SdkException e) {
        return e instanceof S3Exception s
                && s.statusCode() == FORBIDDEN
                && code(s).map(c -> c.equals("AccessDenied") || c.equals("AllAccessDisabled"))
                        .orElse(true);
    }

    /** A denial of any request but HEAD, whose answer has no words. */
    static boolean isDeniedInWords(SdkException e) {
        return isDenied(e) && e instanceof S3Exception s && code(s).isPresent();
    }

    /** Whether the request may have been carried out although it failed. */
    static boolean isUncertain(SdkException e) {
        return !(e instanceof S3Exception s) || s.statusCode() >= SERVER_ERROR || hadAttempts(e);
    }

    /** Whether an earlier attempt of the same request may have been carried out. */
    static boolean hadAttempts(SdkException e) {
        return e.numAttempts() != null && e.numAttempts() > 1;
    }

    /** Whether the server doesn't know a kind of request that not all of them know. */
    static boolean isUnknownRequest(SdkException e) {
        if (!(e instanceof S3Exception s)) {
            return false;
        }
        return s.statusCode() == NOT_IMPLEMENTED
                || s.statusCode() == NOT_ALLOWED
                || code(s).map(c -> c.equals("MalformedXML")
                                || c.equals("NotImplemented")
                                || c.equals("MissingContentMD5")
                                || c.equals("InvalidRequest"))
                        .orElse(false);
    }

    static Optional<String> code(S3Exception e) {
        return Optional.ofNullable(e.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .filter(code -> !code.isBlank());
    }
}
