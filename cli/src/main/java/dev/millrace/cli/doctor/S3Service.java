package dev.millrace.cli.doctor;

import dev.millrace.storage.S3Endpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Whether an S3 service answers at all, whoever asks, and what its clock says. One request without keys; nothing is tried twice. */
final class S3Service implements Check {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofMillis(2_500);
    /** With the time that the first use of a client takes. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    /** The header has whole seconds: on average half of one is cut off. */
    private static final Duration CUT_OFF = Duration.ofMillis(500);

    private final S3Endpoint endpoint;
    private final Clock clock;

    S3Service(S3Endpoint endpoint, Clock clock) {
        this.endpoint = endpoint;
        this.clock = clock;
    }

    @Override
    public Finding look() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(endpoint.address())
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .timeout(ANSWER)
                .build();
        HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
        Instant before = clock.instant();
        HttpResponse<Void> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            return unreachable(e);
        }
        Instant middle = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
        String answers = endpoint.address() + " answers";
        return response.headers()
                .firstValue("Date")
                .flatMap(S3Service::instant)
                .map(date ->
                        ClockVerdict.behind(answers, Duration.between(middle, date.plus(CUT_OFF)), "the object store"))
                .orElseGet(() -> Finding.ok(answers + ", without the time"));
    }

    private Finding unreachable(IOException failure) {
        String place = endpoint.address().toString();
        if (failure instanceof HttpConnectTimeoutException) {
            return Finding.failed("no connection to " + place + " in time", "check the network and s3.endpoint");
        }
        if (failure instanceof HttpTimeoutException) {
            return Finding.failed(
                    "no answer from " + place + " within " + ANSWER.toMillis() + " ms",
                    "it takes connections and does not answer: look at the server");
        }
        if (causes(failure).anyMatch(UnresolvedAddressException.class::isInstance)) {
            return Finding.failed("unknown host in " + place, "correct s3.endpoint, or check the name service");
        }
        Optional<Throwable> tls =
                causes(failure).filter(SSLException.class::isInstance).findFirst();
        if (tls.isPresent()) {
            return Finding.failed(
                    "no TLS connection to " + place + " (" + tls.orElseThrow().getMessage() + ")",
                    "let this JVM trust the server's certificate (MILLRACE_JAVA_OPTS=-Djavax.net.ssl.trustStore=…), or"
                            + " correct s3.endpoint");
        }
        if (failure instanceof ConnectException) {
            return Finding.failed(
                    "no connection to " + place + " (refused)", "start the server, or correct s3.endpoint");
        }
        return Finding.failed(
                "the connection to " + place + " broke (" + failure.getMessage() + ")",
                "see whether it speaks http or https, and correct s3.endpoint");
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    private static Optional<Instant> instant(String header) {
        try {
            return Optional.of(ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
