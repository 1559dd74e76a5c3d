package dev.millrace.storage;

import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Remembers when a service was last out of reach. MinIO denies everything for a moment after its start, until it has read which
 * user may do what; so a denial soon after an outage is not believed at once. That of a HEAD is: a producer that looks at its
 * own object after a lost answer is always denied, and should not wait. Thread-safe.
 */
final class S3Outages implements SdkHttpClient {
    private static final long SOON_NANOS = Duration.ofSeconds(15).toNanos();

    private final SdkHttpClient http;
    private volatile long lastNanos = System.nanoTime() - SOON_NANOS;

    S3Outages(SdkHttpClient http) {
        this.http = http;
    }

    boolean isSoonAfterOne() {
        return System.nanoTime() - lastNanos < SOON_NANOS;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = http.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                try {
                    HttpExecuteResponse answer = prepared.call();
                    if (answer.httpResponse().statusCode() >= S3Answers.SERVER_ERROR) {
                        lastNanos = System.nanoTime();
                    }
                    return answer;
                } catch (IOException e) {
                    lastNanos = System.nanoTime();
                    throw e;
                }
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    @Override
    public String clientName() {
        return http.clientName();
    }

    @Override
    public void close() {
        http.close();
    }
}
