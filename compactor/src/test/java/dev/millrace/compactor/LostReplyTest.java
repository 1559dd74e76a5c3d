package dev.millrace.compactor;

import static dev.millrace.compactor.TripsLake.CONTRACT;
import static dev.millrace.compactor.TripsLake.FULL;
import static dev.millrace.compactor.TripsLake.TRIPS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.NamedFiles;
import dev.millrace.lake.ProxiedLake;
import dev.millrace.lake.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that a compaction loses and doubles nothing when the answer to any of its COMMITs is lost, or a COMMIT never
 * arrives: after every round each row is in the lake once, and every file that any snapshot names is whole.
 */
@Tag("served")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LostReplyTest {
    private static final SnapshotRetention RETENTION =
            new SnapshotRetention(Duration.ofDays(7), 100_000, Duration.ofDays(2));

    /** {@code -Dmillrace.test.rounds=100} for a long look. */
    private static final int ROUNDS = Integer.getInteger("millrace.test.rounds", 12);

    private static final int ROWS_IN_INSERT = 20;
    private static final int DAYS = 2;

    /** Taking the lease, one merge step, ending the run. */
    private static final int COMMITS_OF_A_COMPACTION = 3;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private TripsLake lake;
    private LakeSession direct;
    private ProxiedLake proxied;
    private long rows;

    @BeforeEach
    void open() throws IOException {
        System.out.println("millrace.test.seed = " + seed);
        lake = new TripsLake(folder);
        direct = lake.session();
        proxied = ProxiedLake.of(folder);
    }

    @AfterEach
    void close() throws IOException {
        lake.close();
        proxied.close();
    }

    @Test
    void theReplyOfAnyCommitMayBeCut() {
        for (int round = 0; round < ROUNDS; round++) {
            insert();
            int commit = random.nextInt(COMMITS_OF_A_COMPACTION);
            compact("reply of commit " + commit, proxied.proxy().cutReplyOfCommitAfter(commit));
        }
    }

    @Test
    void anyCommitMayBeCutBeforeItArrives() {
        for (int round = 0; round < ROUNDS / 3; round++) {
            insert();
            int commit = random.nextInt(COMMITS_OF_A_COMPACTION);
            compact("commit " + commit, proxied.proxy().cutCommitAfter(commit));
        }
    }

    @Test
    void expiryAndCleaningMayLoseTheirRepliesToo() {
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(10));
        for (int round = 0; round < 5; round++) {
            insert();
            compact("nothing", CompletableFuture.completedFuture(null));
            // The first run expires, the second one finds files whose grace is over.
            for (String step : List.of("expiring", "cleaning")) {
                CompletableFuture<Void> cut = proxied.proxy().cutReplyOfNextCommit();
                try (LakeSession session = proxied.open(SessionOptions.Access.WRITE, List.of())) {
                    new SnapshotExpiry(session, RETENTION, later, CommitRetry.STANDARD).run(List.of(TRIPS));
                } catch (LakeException e) {
                    new SnapshotExpiry(direct, RETENTION, later, CommitRetry.STANDARD).run(List.of(TRIPS));
                }
                assertThat(cut).as("seed %d, %s", seed, step).succeedsWithin(Duration.ofSeconds(10));
                check(step);
            }
        }
    }

    private void insert() {
        for (int i = 0; i < 2; i++) {
            lake.insert(rows, ROWS_IN_INSERT, DAYS);
            rows += ROWS_IN_INSERT;
        }
    }

    private void compact(String fault, CompletableFuture<Void> cut) {
        CompactResult result;
        try (LakeSession session = proxied.open(SessionOptions.Access.WRITE, List.of())) {
            CompactEnvironment environment = lake.environment(session, Clock.systemUTC(), CommitRetry.STANDARD);
            result = new Compactor(environment, FULL, Budget.UNLIMITED).compact(CONTRACT);
        }
        assertThat(cut).as("seed %d, %s", seed, fault).succeedsWithin(Duration.ofSeconds(10));
        assertThat(((CompactResult.Done) result).after().files())
                .as("seed %d, %s", seed, fault)
                .isEqualTo(DAYS);
        check(fault);
    }

    private void check(String fault) {
        String when = "seed " + seed + ", " + fault;
        assertThat(direct.query(
                        "SELECT count(*), count(DISTINCT id), sum(id)::BIGINT FROM lake.trips",
                        row -> List.of(row.getLong(1), row.getLong(2), row.getLong(3))))
                .as(when)
                .containsExactly(List.of(rows, rows, rows * (rows - 1) / 2));
        assertThat(new NamedFiles(direct, lake.data()).problems()).as(when).isEmpty();
        assertThat(direct.queryLong("SELECT count(holder) FROM lake.millrace.lease"))
                .as("%s: leases held", when)
                .isZero();
        assertThat(direct.queryLong("SELECT count(*) FROM lake.millrace.run WHERE outcome = 'running'"))
                .as("%s: runs without an end", when)
                .isZero();
    }
}
