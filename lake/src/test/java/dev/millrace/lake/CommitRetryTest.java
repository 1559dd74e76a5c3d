package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a lost commit is repeated, an unclear one is read back, and giving up leaves everything as it was. */
@Tag("stand")
class CommitRetryTest {
    private static final CommitRetry QUICK = new CommitRetry(5, Duration.ofMillis(1), Duration.ofMillis(5));

    @TempDir
    Path folder;

    @Test
    void aCommitThatHappenedAndWhoseAnswerWasAnErrorIsNotRepeated() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            AtomicInteger tries = new AtomicInteger();
            CommitRetry.Outcome<String> outcome = QUICK.run(
                    session,
                    "inserting",
                    () -> {
                        tries.incrementAndGet();
                        session.execute("INSERT INTO lake.trips VALUES (1, 'Ulm')");
                        // The engine's COMMIT that follows finds no transaction: done, and an error for an answer.
                        session.execute("COMMIT");
                        return "first answer";
                    },
                    () -> session.queryOne("SELECT town FROM lake.trips WHERE id = 1", row -> row.getString(1)));
            assertThat(outcome.value()).isEqualTo("Ulm");
            assertThat(tries).hasValue(1);
            assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(1);
        }
    }

    @Test
    void anUnclearCommitThatDidNotHappenIsRepeated() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            AtomicInteger tries = new AtomicInteger();
            QUICK.run(
                    session,
                    "inserting",
                    () -> {
                        session.execute("INSERT INTO lake.trips VALUES (1, 'Ulm')");
                        if (tries.incrementAndGet() == 1) {
                            session.execute("ROLLBACK");
                        }
                        return true;
                    },
                    () -> session.queryOne("SELECT true FROM lake.trips WHERE id = 1", row -> true));
            assertThat(tries).hasValue(2);
            assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(1);
        }
    }

    @Test
    void aCommitThatLosesAgainstAnotherIsRepeatedAndAtLastGivenUp() throws IOException {
        LakeTestBed bed = new LakeTestBed(folder);
        try (LakeSession session = bed.openWithTrips();
                LakeSession rival = bed.open(SessionOptions.Access.WRITE)) {
            AtomicInteger tries = new AtomicInteger();
            assertThatThrownBy(() -> QUICK.run(
                            session,
                            "raising the token",
                            () -> {
                                tries.incrementAndGet();
                                session.update("UPDATE lake.millrace.lease SET token = token + 1");
                                rival.update("UPDATE lake.millrace.lease SET token = token + 10");
                                return true;
                            },
                            Optional::empty))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("raising the token gave up after 5 tries, nothing was changed");
            assertThat(tries).hasValue(5);
            assertThat(rival.queryLong("SELECT max(token) FROM lake.millrace.lease"))
                    .isEqualTo(50);
        }
    }

    @Test
    void anErrorOfTheBodyRollsBackAndComesOut() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            assertThatThrownBy(() -> QUICK.run(
                            session,
                            "inserting",
                            () -> {
                                session.execute("INSERT INTO lake.trips VALUES (1, 'Ulm')");
                                throw new IllegalStateException("a mistake");
                            },
                            Optional::empty))
                    .hasMessage("a mistake");
            assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isZero();
        }
    }
}
