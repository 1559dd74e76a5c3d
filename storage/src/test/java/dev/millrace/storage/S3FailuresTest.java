package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Proves that what a server says, or the way to it, becomes one line with its place and the way out. */
class S3FailuresTest {
    private static final String ACTION = "cannot store 'a/1.parquet' in s3://staging/x";

    private final S3Failures failures =
            new S3Failures(new S3Endpoint(URI.create("http://s3.example:9000"), "eu-north-1", true), "staging");

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(404, "NoSuchBucket", "create the bucket 'staging' at http://s3.example:9000"),
                Arguments.of(403, "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"),
                Arguments.of(403, "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
                Arguments.of(400, "ExpiredToken", "new keys"),
                Arguments.of(403, "RequestTimeTooSkewed", "NTP"),
                Arguments.of(503, "SlowDown", "fewer processes"),
                Arguments.of(301, "PermanentRedirect", "another region than 'eu-north-1'"),
                Arguments.of(400, "KeyTooLongError", "shorter"),
                Arguments.of(507, "XMinioStorageFull", "free space"),
                Arguments.of(400, "BadDigest", "damaged"),
                Arguments.of(501, "NotImplemented", "If-None-Match"),
                Arguments.of(500, "InternalError", "look at its log"),
                Arguments.of(418, "Teapot", "look up this code"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void saysWhatToDoAboutAnAnswer(int status, String code, String remedy) {
        StorageException failed = failures.failed(ACTION, "s3:PutObject", answer(status, code, "two\nlines"));

        assertThat(failed)
                .isExactlyInstanceOf(StorageException.class)
                .hasMessageStartingWith(ACTION + ": " + code + " (" + status + ", two lines)")
                .hasMessageContaining(remedy)
                .hasMessageNotContaining("\n");
    }

    static Stream<Arguments> accidents() {
        return Stream.of(
                Arguments.of(new UnknownHostException("s3.example"), "unknown host"),
                Arguments.of(new ConnectException("Connection refused"), "check that the server runs"),
                Arguments.of(new SocketTimeoutException("Read timed out"), "no answer"),
                Arguments.of(new SSLException("Unsupported or unrecognized SSL message"), "write http://"),
                Arguments.of(new SSLHandshakeException("PKIX path building failed"), "trustStore"),
                Arguments.of(new IOException("Connection reset"), "broke"));
    }

    @ParameterizedTest
    @MethodSource("accidents")
    void saysWhatToDoAboutTheWayThere(IOException cause, String remedy) {
        SdkException sdk = SdkClientException.create("Unable to execute HTTP request", cause);

        assertThat(failures.failed(ACTION, "s3:PutObject", sdk))
                .hasMessageStartingWith(ACTION + ": ")
                .hasMessageContainingAll("http://s3.example:9000", remedy);
    }

    @Test
    void aCallThatTookTooLongHasHadNoAnswer() {
        assertThat(failures.failed(ACTION, "s3:PutObject", ApiCallTimeoutException.create(600_000)))
                .hasMessageContaining("no answer");
    }

    @Test
    void aPlainRequestToATlsPortIsToldSo() {
        SdkException answer = answer(400, "", "Client sent an HTTP request to an HTTPS server.");

        assertThat(failures.failed(ACTION, "s3:PutObject", answer)).hasMessageContaining("write https://");
    }

    @Test
    void aMissingRightIsAnExceptionOfItsOwn() {
        assertThat(failures.failed(ACTION, "s3:PutObject", answer(403, "AccessDenied", "Access Denied.")))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll(ACTION, "must allow s3:PutObject");
        assertThat(failures.failed(ACTION, "s3:GetObject", answer(403, "", "")))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("wrong keys look the same");
    }

    @Test
    void anInterruptedThreadStaysInterrupted() {
        assertThat(failures.failed(ACTION, "s3:PutObject", AbortedException.create("aborted")))
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static SdkException answer(int status, String code, String message) {
        AwsErrorDetails details = AwsErrorDetails.builder()
                .errorCode(code.isEmpty() ? null : code)
                .errorMessage(message)
                .build();
        return (SdkException) S3Exception.builder()
                .awsErrorDetails(details)
                .message(message)
                .statusCode(status)
                .build();
    }
}
