package dev.millrace.storage;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * A connection pool to one S3 service with the keys of one user, for any number of stores. Thread-safe; closing it ends the
 * use of its stores.
 *
 * <p>A request that fails on the way, or that the server asks to repeat, is repeated with growing pauses for about ten
 * seconds, so a server that restarts is not noticed.
 */
public final class S3Connection implements AutoCloseable {
    /** The pauses between them double from 100 ms to 4 s, each cut by chance by up to a half: 6 to 12 s together. */
    private static final int MAX_ATTEMPTS = 8;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration FIRST_PAUSE_WHEN_THROTTLED = Duration.ofMillis(400);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** Without a byte in either direction. The server is silent while it copies a part or joins the parts of an upload. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private static final Duration ATTEMPT = Duration.ofSeconds(40);
    private static final Duration CALL = Duration.ofMinutes(2);

    /** The times for requests that carry content or let the server copy it: 32 MiB in four minutes are 1.1 Mbit/s. */
    static final AwsRequestOverrideConfiguration TRANSFER = AwsRequestOverrideConfiguration.builder()
            .apiCallAttemptTimeout(Duration.ofMinutes(4))
            .apiCallTimeout(Duration.ofMinutes(10))
            .build();

    private static final int MAX_CONNECTIONS = 64;

    private final S3Endpoint endpoint;
    private final AwsCredentialsProvider keys;
    private final S3Outages http;
    private final S3Client client;
    private final ExecutorService threads;

    S3Connection(S3Endpoint endpoint, AwsCredentialsProvider keys) {
        this.endpoint = endpoint;
        this.keys = keys;
        this.http = new S3Outages(Apache5HttpClient.builder()
                .connectionTimeout(CONNECT)
                .connectionAcquisitionTimeout(SILENCE)
                .socketTimeout(SILENCE)
                .tcpKeepAlive(true)
                .maxConnections(MAX_CONNECTIONS)
                .build());
        this.client = client(endpoint, keys, http);
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "s3-listing-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens a connection with the keys that an environment names ({@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY},
     * {@code AWS_SESSION_TOKEN}), or else with those that the AWS SDK's default chain finds: a profile, a web identity, the
     * role of a container or of an instance. Asks no server but those that give the keys.
     *
     * @throws StorageException when there are no keys
     */
    public static S3Connection open(S3Endpoint endpoint, Map<String, String> environment) {
        S3Connection connection = new S3Connection(endpoint, S3KeyChain.of(environment));
        try {
            connection.credentials();
            return connection;
        } catch (StorageException e) {
            connection.close();
            throw e;
        }
    }

    /** The service that this reaches. */
    public S3Endpoint endpoint() {
        return endpoint;
    }

    /**
     * The keys that are valid now. Those that expire are renewed before they do, so ask again for each use.
     *
     * @throws StorageException when there are none any more
     */
    public S3Credentials credentials() {
        try {
            AwsCredentials now = keys.resolveCredentials();
            Optional<String> token = now instanceof AwsSessionCredentials session
                    ? Optional.of(session.sessionToken())
                    : Optional.empty();
            return new S3Credentials(now.accessKeyId(), now.secretAccessKey(), token, now.expirationTime());
        } catch (SdkException e) {
            throw S3Failures.noKeys(endpoint, e);
        }
    }

    S3Client client() {
        return client;
    }

    /** For the requests of a listing that run beside its caller; as many as are asked for. */
    ExecutorService threads() {
        return threads;
    }

    /** Whether a server-side copy between stores of both connections is one within the same service, by the same user. */
    boolean reachesTheSameAs(S3Connection other) {
        return endpoint.equals(other.endpoint)
                && credentials().accessKeyId().equals(other.credentials().accessKeyId());
    }

    @Override
    public void close() {
        threads.shutdownNow();
        client.close();
        http.close();
        if (keys instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }

    private static S3Client client(S3Endpoint endpoint, AwsCredentialsProvider keys, S3Outages http) {
        return S3Client.builder()
                .endpointOverride(endpoint.address())
                .region(Region.of(endpoint.region()))
                .forcePathStyle(endpoint.pathStyle())
                .credentialsProvider(keys)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_SUPPORTED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_SUPPORTED)
                .httpClient(http)
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .apiCallAttemptTimeout(ATTEMPT)
                        .apiCallTimeout(CALL)
                        .retryStrategy(retries(http))
                        .build())
                .build();
    }

    private static RetryStrategy retries(S3Outages outages) {
        return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(MAX_ATTEMPTS)
                .backoffStrategy(BackoffStrategy.exponentialDelayHalfJitter(FIRST_PAUSE, LONGEST_PAUSE))
                .throttlingBackoffStrategy(
                        BackoffStrategy.exponentialDelayHalfJitter(FIRST_PAUSE_WHEN_THROTTLED, LONGEST_PAUSE))
                // Many writers that wait for one server to come back would use up what the breaker grants them
                // together.
                .circuitBreakerEnabled(false)
                .retryOnException(e -> e instanceof S3Exception s
                        && (S3Answers.isCollision(s) || (S3Answers.isDeniedInWords(s) && outages.isSoonAfterOne())))
                .build();
    }
}
