package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.storage.S3Credentials;
import dev.millrace.storage.S3Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the engine's keys for S3 are renewed before they expire, whatever the session is doing. No server is asked. */
class S3SecretTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String KEY = """
            SELECT regexp_extract(secret_string, 'key_id=([^;]*)', 1) FROM duckdb_secrets() WHERE type = 's3'
            """;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final AtomicReference<Supplier<S3Credentials>> source = new AtomicReference<>();

    @TempDir
    Path folder;

    private static S3Credentials keys(String id, Duration life) {
        return new S3Credentials(id, "secret of " + id, Optional.of("token"), Optional.of(NOON.plus(life)));
    }

    private LakeSession open() {
        S3Access access = new S3Access(
                new S3Endpoint(URI.create("http://127.0.0.1:1"), "us-east-1", true),
                () -> source.get().get(),
                new Clock() {
                    @Override
                    public Instant instant() {
                        return now.get();
                    }

                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        return this;
                    }
                });
        return LakeSession.open(
                new LakeAddress(new Catalog.SqliteCatalog(folder.resolve("lake.sqlite")), "s3://lake/data"),
                SessionOptions.of(SessionOptions.Access.CREATE).withS3(access));
    }

    private static String key(LakeSession session) {
        return session.queryOne(KEY, row -> row.getString(1)).orElseThrow();
    }

    @Test
    void keysAreRenewedTenMinutesBeforeTheyExpire() {
        source.set(() -> keys("first", Duration.ofHours(1)));
        try (LakeSession session = open()) {
            source.set(() -> keys("second", Duration.ofHours(2)));
            now.set(NOON.plus(Duration.ofMinutes(49)));
            assertThat(key(session)).isEqualTo("first");
            now.set(NOON.plus(Duration.ofMinutes(50)));
            assertThat(key(session)).isEqualTo("second");
        }
    }

    @Test
    void keysOfAShortLifeAreRenewedWhenAThirdOfItIsLeft() {
        source.set(() -> keys("first", Duration.ofMinutes(15)));
        try (LakeSession session = open()) {
            source.set(() -> keys("second", Duration.ofMinutes(30)));
            now.set(NOON.plus(Duration.ofMinutes(9)));
            assertThat(key(session)).isEqualTo("first");
            now.set(NOON.plus(Duration.ofMinutes(10)));
            assertThat(key(session)).isEqualTo("second");
        }
    }

    @Test
    void keysAreRenewedInsideOfATransactionToo() {
        source.set(() -> keys("first", Duration.ofHours(1)));
        try (LakeSession session = open()) {
            source.set(() -> keys("second", Duration.ofHours(2)));
            CommitResult<String> result = Transaction.run(session, () -> {
                session.execute("CREATE TABLE lake.t (i INTEGER)");
                now.set(NOON.plus(Duration.ofMinutes(55)));
                return key(session);
            });
            assertThat(result)
                    .isInstanceOfSatisfying(CommitResult.Committed.class, committed -> assertThat(committed.value())
                            .isEqualTo("second"));
        }
    }

    @Test
    void aTransactionThatFailedIsRolledBackAlthoughKeysAreDue() {
        source.set(() -> keys("first", Duration.ofHours(1)));
        try (LakeSession session = open()) {
            assertThatThrownBy(() -> Transaction.run(session, () -> {
                        try {
                            return session.queryLong("SELECT no_such_column");
                        } finally {
                            source.set(() -> keys("second", Duration.ofHours(2)));
                            now.set(NOON.plus(Duration.ofMinutes(55)));
                        }
                    }))
                    .isInstanceOf(StatementException.class)
                    .hasNoSuppressedExceptions();
            assertThat(key(session)).isEqualTo("second");
        }
    }

    @Test
    void asLongAsKeysAreValidItIsNoErrorThatThereAreNoNewOnes() {
        source.set(() -> keys("first", Duration.ofHours(1)));
        try (LakeSession session = open()) {
            source.set(() -> {
                throw new IllegalStateException("the token service is away");
            });
            now.set(NOON.plus(Duration.ofMinutes(55)));
            assertThat(key(session)).isEqualTo("first");
            now.set(NOON.plus(Duration.ofMinutes(60)));
            assertThatThrownBy(() -> key(session))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("no valid keys for S3 at http://127.0.0.1:1")
                    .hasMessageContaining("the token service is away");
            source.set(() -> keys("second", Duration.ofHours(2)));
            assertThat(key(session)).isEqualTo("second");
        }
    }

    @Test
    void keysThatDoNotExpireAreAskedForOnce() {
        AtomicInteger asked = new AtomicInteger();
        source.set(() -> {
            asked.incrementAndGet();
            return new S3Credentials("for good", "secret", Optional.empty(), Optional.empty());
        });
        try (LakeSession session = open()) {
            now.set(NOON.plus(Duration.ofDays(365)));
            assertThat(key(session)).isEqualTo("for good");
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void aSessionThatIsNotToldHowToReachS3SaysSo() {
        LakeAddress address =
                new LakeAddress(new Catalog.SqliteCatalog(folder.resolve("lake.sqlite")), "s3://lake/data");
        assertThatThrownBy(() -> LakeSession.open(address, SessionOptions.of(SessionOptions.Access.CREATE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("s3://lake/data/");
    }
}
