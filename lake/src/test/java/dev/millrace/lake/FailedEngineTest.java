package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that a session outlives its engine. When the connection breaks under the read of an inlined table, the engine takes
 * that for a mistake of its own and refuses everything from then on (measured, DuckLake d8a1881e); closing it within a
 * transaction would end the process.
 */
@Tag("served")
class FailedEngineTest {
    /** In the query that reads the rows of a pipeline's table out of PostgreSQL. */
    private static final String READ_OF_LEASE = "\"activity\"";

    private static final String RAISE = "UPDATE lake.millrace.lease SET token = token + 1 WHERE dataset = 'trips'";
    private static final String TOKEN = "SELECT token FROM lake.millrace.lease WHERE dataset = 'trips'";
    private static final String ACTIVITY = "SELECT activity FROM lake.millrace.lease WHERE dataset = 'trips'";

    @TempDir
    private Path folder;

    private ProxiedLake proxied;
    private LakeSession session;

    @BeforeEach
    void open() throws Exception {
        try (LakeSession direct = LakeStand.open(folder, SessionOptions.Access.CREATE)) {
            PipelineTables.install(direct);
            direct.execute("INSERT INTO lake.millrace.lease (dataset, activity, token) VALUES ('trips', 'ingest', 0)");
        }
        proxied = ProxiedLake.of(folder);
        session = proxied.open(SessionOptions.Access.WRITE, List.of());
    }

    @AfterEach
    void close() throws Exception {
        session.close();
        proxied.close();
    }

    @Test
    void aTransactionUnderWhichTheEngineFailsIsRepeatedOnce() {
        for (int round = 1; round <= 3; round++) {
            AtomicInteger tries = new AtomicInteger();
            AtomicReference<CompletableFuture<Void>> cut = new AtomicReference<>();
            CommitRetry.Outcome<Long> outcome = CommitRetry.STANDARD.run(
                    session,
                    "raising the token",
                    () -> {
                        long before = session.queryLong(TOKEN);
                        if (tries.incrementAndGet() == 1) {
                            cut.set(proxied.proxy().cutQueryWith(READ_OF_LEASE));
                        }
                        session.update(RAISE);
                        return before + 1;
                    },
                    Optional::empty);
            assertThat(outcome.value()).isEqualTo(round);
            assertThat(tries).hasValue(2);
            assertThat(cut.get()).succeedsWithin(Duration.ofSeconds(10));
        }
        assertThat(session.queryLong(TOKEN)).isEqualTo(3);
    }

    @Test
    void aReadUnderWhichTheEngineFailsSaysThatTheConnectionWasLost() {
        session.queryLong(TOKEN);
        CompletableFuture<Void> cut = proxied.proxy().cutQueryWith(READ_OF_LEASE);

        assertThatThrownBy(() -> session.query(ACTIVITY, row -> row.getString(1)))
                .isInstanceOf(CatalogUnreachableException.class)
                .hasMessageContaining("try again");

        assertThat(cut).succeedsWithin(Duration.ofSeconds(10));
        assertThat(session.query(ACTIVITY, row -> row.getString(1))).containsExactly("ingest");
    }

    @Test
    void aSessionIsClosedWhoseEngineHasFailedWithinATransaction() {
        assertThat(Transaction.run(session, () -> {
                    session.queryLong(TOKEN);
                    CompletableFuture<Void> cut = proxied.proxy().cutQueryWith(READ_OF_LEASE);
                    session.update(RAISE);
                    return cut;
                }))
                .isInstanceOf(CommitResult.ConnectionLost.class);
        session.close();

        session = proxied.open(SessionOptions.Access.WRITE, List.of());
        assertThat(session.queryLong(TOKEN)).isZero();
    }
}
