package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that one run at a time holds a dataset's lease, and that the token stops whoever has lost it. */
@Tag("stand")
class LeasedRunTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration TERM = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private static LeasedRun.Terms terms(Instant now) {
        return terms(now, Worker.current());
    }

    private static LeasedRun.Terms terms(Instant now, Worker worker) {
        return new LeasedRun.Terms(
                Activity.INGEST, worker, TERM, Clock.fixed(now, ZoneOffset.UTC), CommitRetry.STANDARD);
    }

    private static LeasedRun started(LakeSession session, LeasedRun.Terms terms) {
        RunStart start = LeasedRun.begin(session, LakeTestBed.TRIPS, terms);
        assertThat(start).isInstanceOf(RunStart.Started.class);
        return ((RunStart.Started) start).run();
    }

    @Test
    void theSecondIsToldWhoHoldsItAndSinceWhen() throws IOException {
        try (LakeSession first = new LakeTestBed(folder).openWithTrips();
                LakeSession second = new LakeTestBed(folder).open(SessionOptions.Access.WRITE)) {
            LeasedRun.Terms terms = terms(NOON);
            started(first, terms);
            RunStart refused = LeasedRun.begin(second, LakeTestBed.TRIPS, terms(NOON.plusSeconds(299)));
            assertThat(refused)
                    .isEqualTo(new RunStart.HeldByAnother(terms.worker().toString(), NOON, NOON.plus(TERM)));
        }
    }

    /** A COMMIT whose answer was lost may still be on its way when the lease is read back, and come through before the next try. */
    @Test
    void aRunWhoseOwnTakeComesThroughLateBegins() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips();
                LakeSession late = new LakeTestBed(folder).open(SessionOptions.Access.WRITE)) {
            AtomicReference<String> runId = new AtomicReference<>();
            Clock clock = whenAsked(() -> Optional.ofNullable(runId.get()).ifPresent(id -> takeFor(late, id)));
            LeasedRun.Terms terms =
                    new LeasedRun.Terms(Activity.INGEST, Worker.current(), TERM, clock, CommitRetry.STANDARD);
            try (FailpointSwitch.Listening listening = FailpointSwitch.listen(failpoint -> {
                if (failpoint == Failpoint.BEFORE_COMMIT && runId.get() == null) {
                    runId.set(session.query(
                                    "SELECT run_id FROM lake.millrace.lease WHERE run_id IS NOT NULL",
                                    row -> row.getString(1))
                            .get(0));
                    throw new StatementException(new SQLException("could not serialize access"));
                }
            })) {
                assertThat(listening).isNotNull();
                LeasedRun run = started(session, terms);
                assertThat(run.runId()).isEqualTo(runId.get());
                run.end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
            }
        }
    }

    /** Does something whenever somebody asks for the time. */
    private static Clock whenAsked(Runnable action) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                action.run();
                return NOON;
            }
        };
    }

    private static void takeFor(LakeSession session, String runId) {
        long free = session.queryLong(
                "SELECT count(*) FROM lake.millrace.lease WHERE activity = 'ingest' AND holder IS NULL AND token = 0");
        if (free == 1) {
            session.execute("""
                    UPDATE lake.millrace.lease SET token = 1, holder = ?, run_id = ?, taken_at = ?, expires_at = ?
                    WHERE activity = 'ingest'
                    """, Worker.current().toString(), runId, NOON, NOON.plus(TERM));
        }
    }

    @Test
    void anEndedRunLeavesTheLeaseFreeAndIsRecorded() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            LeasedRun run = started(session, terms(NOON));
            run.end(RunOutcome.SUCCEEDED, new RunCounts(3, 30, 300, 1, 2), Optional.empty());
            assertThat(session.query(
                            "SELECT outcome, files, rows FROM lake.millrace.run",
                            row -> row.getString(1) + " " + row.getLong(2) + " " + row.getLong(3)))
                    .containsExactly("succeeded 3 30");
            started(session, terms(NOON));
        }
    }

    @Test
    void anExpiredHolderIsFencedOut() throws IOException {
        try (LakeSession first = new LakeTestBed(folder).openWithTrips();
                LakeSession second = new LakeTestBed(folder).open(SessionOptions.Access.WRITE)) {
            LeasedRun stale = started(first, terms(NOON));
            LeasedRun fresh = started(second, terms(NOON.plus(TERM)));
            assertThat(fresh.lease().deaths()).isEqualTo(1);
            assertThatThrownBy(() -> Transaction.run(first, stale::raiseToken))
                    .isInstanceOf(FencedException.class)
                    .hasMessageContaining("trips")
                    .hasMessageContaining(stale.runId());
            assertThat(Transaction.run(second, fresh::raiseToken)).isInstanceOf(CommitResult.Committed.class);
            assertThat(second.query("SELECT outcome FROM lake.millrace.run ORDER BY started_at", r -> r.getString(1)))
                    .containsExactly("died", "running");
        }
    }

    @Test
    void aHolderWhoseProcessIsGoneIsReplacedAtOnce() throws IOException, InterruptedException {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Worker dead = new Worker(Worker.current().host(), gone.pid(), UUID.randomUUID());
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            started(session, terms(NOON, dead));
            assertThat(started(session, terms(NOON.plusSeconds(1))).lease().deaths())
                    .isEqualTo(1);
        }
    }

    @Test
    void deathsStayCountedOverARunThatDoesSomethingElse() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            started(session, terms(NOON));
            LeasedRun other = ((RunStart.Started)
                            LeasedRun.begin(session, LakeTestBed.TRIPS, terms(NOON.plus(TERM)), "quarantine-retry"))
                    .run();
            other.raised(
                    other.commit("retrying", other::raiseToken, Optional::empty).value());
            other.end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());

            LeasedRun ingest = started(session, terms(NOON.plus(TERM)));
            assertThat(ingest.lease().deaths()).isEqualTo(1);
            ingest.end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
            assertThat(started(session, terms(NOON.plus(TERM))).lease().deaths())
                    .isZero();
        }
    }

    @Test
    void whatWasTriedAgainAndGivenUpIsRecordedAndNothingElseIsThere() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips();
                LakeSession rival = new LakeTestBed(folder).open(SessionOptions.Access.WRITE)) {
            CommitRetry quick = new CommitRetry(3, Duration.ofMillis(4), Duration.ofMillis(20));
            LeasedRun run = started(
                    session,
                    new LeasedRun.Terms(
                            Activity.INGEST, Worker.current(), TERM, Clock.fixed(NOON, ZoneOffset.UTC), quick));
            assertThatThrownBy(() -> run.commit(
                            "inserting",
                            () -> {
                                session.execute("INSERT INTO lake.trips VALUES (1, 'Ulm')");
                                session.update("UPDATE lake.millrace.lease SET deaths = 0 WHERE activity = 'compact'");
                                rival.update("UPDATE lake.millrace.lease SET deaths = 0 WHERE activity = 'compact'");
                                return true;
                            },
                            Optional::empty))
                    .hasMessageContaining("inserting gave up after 3 tries, nothing was changed");
            run.end(RunOutcome.FAILED, RunCounts.NONE, Optional.of("gave up"));

            assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isZero();
            assertThat(session.queryLong("SELECT retries FROM lake.millrace.run"))
                    .isEqualTo(2);
            assertThat(session.queryLong("SELECT retry_wait_ms FROM lake.millrace.run"))
                    .isBetween(9L, 20L);
            assertThat(session.query("SELECT retry_reasons FROM lake.millrace.run", row -> row.getString(1)))
                    .singleElement()
                    .asString()
                    .contains(" x ", LakeStand.isOnPostgres() ? "conflict" : "lock");
        }
    }

    @Test
    void ofTwoTransactionsOnOneTokenOneCommits() throws IOException {
        try (LakeSession first = new LakeTestBed(folder).openWithTrips();
                LakeSession second = new LakeTestBed(folder).open(SessionOptions.Access.WRITE)) {
            LeasedRun run = started(first, terms(NOON));
            second.execute("BEGIN TRANSACTION");
            second.update("UPDATE lake.millrace.lease SET token = token + 1 WHERE dataset = 'trips'");
            CommitResult<Lease> winner = Transaction.run(first, run::raiseToken);
            assertThat(winner).isInstanceOf(CommitResult.Committed.class);
            assertThatThrownBy(() -> second.execute("COMMIT")).isInstanceOf(StatementException.class);
            assertThat(second.queryLong(
                            "SELECT token FROM lake.millrace.lease WHERE dataset = 'trips' AND activity = 'ingest'"))
                    .isEqualTo(run.lease().token() + 1);
        }
    }

    @Test
    void aDatasetThatIsNotInTheLakeIsNamed() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            assertThatThrownBy(() ->
                            LeasedRun.begin(session, dev.millrace.schemas.DatasetName.parse("nothing"), terms(NOON)))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("'nothing'")
                    .hasMessageContaining("millrace init");
        }
    }
}
