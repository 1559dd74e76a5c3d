package dev.millrace.storage;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Turns what an S3 service, or the way to it, says into one line that names the place and what to do next.
 *
 * @param endpoint the service
 * @param bucket the bucket that the requests go to
 */
record S3Failures(S3Endpoint endpoint, String bucket) {
    /**
     * The exception for a failed action.
     *
     * @param action such as {@code "cannot store 'a/b.parquet' in s3://staging"}
     * @param right the action of a policy that allows it, such as {@code "s3:PutObject"}
     */
    StorageException failed(String action, String right, SdkException cause) {
        if (cause instanceof S3Exception answer) {
            if (S3Answers.isDenied(answer)) {
                return new AccessDeniedException(action + ": access denied; " + missingRight(right, answer), cause);
            }
            return new StorageException(action + ": " + reason(answer) + "; " + remedy(answer), cause);
        }
        if (cause instanceof AbortedException) {
            Thread.currentThread().interrupt();
            return new StorageException(action + ": interrupted; start it again", cause);
        }
        return new StorageException(action + ": " + wayThere(cause), cause);
    }

    /** The exception for keys that can't be found, or can't be renewed. */
    static StorageException noKeys(S3Endpoint endpoint, SdkException cause) {
        return new StorageException(
                "no keys for the S3 service at " + endpoint.address() + "; set " + S3KeyChain.ACCESS_KEY + " and "
                        + S3KeyChain.SECRET_KEY + ", or name a profile of ~/.aws by " + S3KeyChain.PROFILE
                        + ", or run where a web identity, a container or an instance has a role",
                cause);
    }

    private String missingRight(String right, S3Exception answer) {
        String unnamed =
                answer.awsErrorDetails() == null || answer.awsErrorDetails().errorCode() == null
                        ? " The server gave no reason; wrong keys look the same here."
                        : "";
        return "the policy of these keys must allow " + right + " there, or another user's keys are needed." + unnamed;
    }

    private String reason(S3Exception answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String message = details == null || details.errorMessage() == null ? "" : oneLine(details.errorMessage());
        String code = S3Answers.code(answer).orElse("no reason given");
        return code + " (" + answer.statusCode() + (message.isEmpty() ? "" : ", " + message) + ")";
    }

    private String remedy(S3Exception answer) {
        String code = S3Answers.code(answer).orElse("");
        return switch (code) {
            case "NoSuchBucket" ->
                "create the bucket '" + bucket + "' at " + endpoint.address() + ", or correct its name";
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "InvalidTokenId" ->
                "the keys are not those of a user of " + endpoint.address() + ": check " + S3KeyChain.ACCESS_KEY + ", "
                        + S3KeyChain.SECRET_KEY + " and " + S3KeyChain.SESSION_TOKEN + ", or the profile";
            case "ExpiredToken", "TokenRefreshRequired" ->
                "get new keys for a time, or use a profile or role that renews them";
            case "RequestTimeTooSkewed", "RequestExpired" ->
                "the clocks of this machine and of the server differ by more than it allows (15 minutes on AWS):"
                        + " set them by NTP";
            case "SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests" ->
                "the server asks for fewer requests, also after " + attempts(answer)
                        + ": run fewer processes at once, or try later";
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" ->
                "the bucket '" + bucket + "' is in another region than '" + endpoint.region()
                        + "': set the region, and the endpoint if it names one";
            case "KeyTooLongError", "XMinioInvalidObjectName" ->
                "the server does not take such a key: use a shorter prefix or shorter partition values";
            case "XMinioStorageFull" -> "free space on the server, then try again";
            case "BadDigest", "XAmzContentChecksumMismatch" ->
                "the content was damaged on its way: try again, and check the network and the memory";
            default -> otherRemedy(answer);
        };
    }

    private String otherRemedy(S3Exception answer) {
        if (String.valueOf(answer.getMessage()).contains("HTTP request to an HTTPS server")) {
            return "the server speaks TLS: write https:// in the endpoint";
        }
        if (answer.statusCode() == S3Answers.NOT_IMPLEMENTED) {
            return "the service at " + endpoint.address() + " lacks what Millrace needs: conditional puts"
                    + " (If-None-Match) and multipart uploads; use another one";
        }
        if (answer.statusCode() >= S3Answers.SERVER_ERROR) {
            return "the server at " + endpoint.address() + " failed " + attempts(answer)
                    + ": look at its log, then try again";
        }
        return "look up this code in the documentation of the service at " + endpoint.address();
    }

    private String wayThere(SdkException failure) {
        String place = endpoint.address().toString();
        if (cause(failure, UnknownHostException.class).isPresent()) {
            return "unknown host in " + place + "; correct the endpoint, or check the name service";
        }
        Optional<SSLException> tls = cause(failure, SSLException.class);
        if (tls.isPresent()) {
            String said = oneLine(String.valueOf(tls.orElseThrow().getMessage()));
            return "no TLS connection to " + place + " (" + said + "); "
                    + (said.contains("unrecognized SSL message")
                            ? "the server does not speak TLS: write http:// in the endpoint"
                            : "let this JVM trust the server's certificate (-Djavax.net.ssl.trustStore=…), or correct"
                                    + " the endpoint");
        }
        if (cause(failure, ConnectException.class).isPresent()) {
            return "no connection to " + place + " (refused, " + attempts(failure)
                    + "); check that the server runs and that the endpoint is right";
        }
        if (failure instanceof ApiCallTimeoutException
                || failure instanceof ApiCallAttemptTimeoutException
                || cause(failure, SocketTimeoutException.class).isPresent()) {
            return "no answer from " + place + " in time (" + attempts(failure) + "); check the server and the network,"
                    + " then try again";
        }
        Optional<IOException> broken = cause(failure, IOException.class);
        if (broken.isPresent()) {
            return "the connection to " + place + " broke (" + oneLine(String.valueOf(broken.orElseThrow())) + ", "
                    + attempts(failure) + "); check the server and the network, then try again";
        }
        return oneLine(String.valueOf(failure.getMessage())) + "; check the keys and the endpoint " + place;
    }

    private static String attempts(SdkException e) {
        int attempts = e.numAttempts() == null ? 1 : e.numAttempts();
        return attempts == 1 ? "1 attempt" : attempts + " attempts";
    }

    private static <E extends Throwable> Optional<E> cause(Throwable failure, Class<E> type) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return Optional.of(type.cast(t));
            }
        }
        return Optional.empty();
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\r\\n]+", " ");
    }
}
