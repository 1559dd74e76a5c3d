package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointListener;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.lake.Activity;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.NamedFiles;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.SessionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that what dead runs have left goes when it is old enough, and that nothing else ever goes: not what the catalog names in any
 * way, not what a run may still commit, not suspiciously much.
 */
@Tag("slow")
@Tag("stand")
class OrphanRemovalTest {
    private static final Duration NOW = Duration.ZERO;
    private static final Duration BEFORE_AGE = Duration.ofHours(47);
    private static final Duration AFTER_AGE = Duration.ofHours(49);
    private static final OrphanSettings EVERYTHING =
            new OrphanSettings(Duration.ZERO, OrphanSettings.ALL, Duration.ZERO);

    /** Long after all that a test does. */
    private static final Duration MUCH_LATER = Duration.ofDays(100);

    /** What a process says that is gone. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @TempDir
    private Path folder;

    private OrphanedLake lake;
    private LakeSession session;

    @BeforeEach
    void create() {
        lake = new OrphanedLake(folder);
        session = lake.session();
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private static FailpointListener killedAt(Failpoint failpoint, int time) {
        AtomicInteger passed = new AtomicInteger();
        return there -> {
            if (there == failpoint && passed.incrementAndGet() == time) {
                throw new Killed();
            }
        };
    }

    private void kill(Failpoint failpoint, int time, Runnable work) {
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(killedAt(failpoint, time))) {
            assertThat(listening).isNotNull();
            assertThatThrownBy(work::run).isInstanceOf(Killed.class);
        }
        session.reconnect();
    }

    private void assertWhole() {
        assertThat(new NamedFiles(session, lake.lakeData()).problems()).isEmpty();
    }

    @Test
    void whatAKilledMergeHasLeftGoesAfterItsAgeAndNotBefore() {
        lake.insert(0, 10, "Ulm", "Köln");
        lake.insert(10, 10, "Ulm", "Köln");
        kill(Failpoint.BEFORE_END_FILES, 1, () -> lake.compact(NOW));
        assertThat(lake.keys()).hasSize(6);

        // Nobody has taken its lease over: it may be asleep.
        assertThat(lake.remove(MUCH_LATER).plan().orphans().inFlight().files()).isEqualTo(2);
        lake.compact(Duration.ofHours(1));
        OrphanResult early = lake.remove(BEFORE_AGE);
        assertThat(OrphanedLake.removed(early)).isEqualTo(FileCount.NONE);
        assertThat(early.plan().orphans().young().files()).isEqualTo(2);
        assertThat(lake.keys()).hasSize(8);

        OrphanResult late = lake.remove(AFTER_AGE);
        assertThat(OrphanedLake.removed(late)).isEqualTo(early.plan().orphans().young());
        assertThat(OrphanedLake.removed(late).bytes()).isPositive();
        assertThat(late.plan().lakeData().files().files()).isEqualTo(8);
        assertThat(lake.keys()).hasSize(6);
        assertThat(lake.rows()).isEqualTo(40);
        assertWhole();
        assertThat(session.query(
                        "SELECT outcome || files FROM lake.millrace.run WHERE activity = 'remove-orphans' ORDER BY"
                                + " started_at",
                        row -> row.getString(1)))
                .containsExactlyInAnyOrder("succeeded0", "succeeded0", "succeeded2");
    }

    @Test
    void whatARunMayStillCommitStaysHoweverOld() {
        lake.insert(0, 10, "Ulm");
        LeasedRun sleeper = lake.begin(Activity.INGEST, NOW);
        List<String> written = lake.writeUnregistered(5);

        OrphanResult result = lake.removal(MUCH_LATER, EVERYTHING).run();
        assertThat(OrphanedLake.removed(result)).isEqualTo(FileCount.NONE);
        assertThat(result.plan().orphans().inFlight().files()).isEqualTo(5);

        sleeper.raised(sleeper.commit(
                        "committing what was written long ago",
                        () -> {
                            var raised = sleeper.raiseToken();
                            lake.register(written);
                            return raised;
                        },
                        Optional::empty)
                .value());
        assertThat(lake.rows()).isEqualTo(15);
        sleeper.end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
        assertThat(OrphanedLake.removed(lake.removal(MUCH_LATER, EVERYTHING).run()))
                .isEqualTo(FileCount.NONE);
        assertWhole();
    }

    @Test
    void aHolderThatWasTakenOverProtectsNothing() {
        lake.insert(0, 10, "Ulm");
        lake.begin(Activity.INGEST, NOW);
        lake.writeUnregistered(5);
        LeasedRun next = lake.begin(Activity.INGEST, Duration.ofDays(3));

        assertThat(OrphanedLake.removed(lake.remove(Duration.ofDays(3))).files())
                .isEqualTo(5);
        next.end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
        assertWhole();
    }

    @Test
    void moreThanTheShareIsRefusedUntilItIsAllowedForOnce() {
        lake.insert(0, 10, "Ulm");
        lake.leave(101);
        List<String> before = lake.keys();

        OrphanResult refused = lake.remove(AFTER_AGE);

        assertThat(((OrphanResult.Refused) refused).message())
                .contains("101 of 102 lake files", "main/trips/town=x/", "--orphan-share 100%", "max-orphan-share");
        assertThat(lake.keys()).isEqualTo(before);
        assertThat(lake.removal(AFTER_AGE, OrphanedLake.SETTINGS).notBefore()).isEmpty();
        assertThat(session.query("SELECT outcome FROM lake.millrace.run", row -> row.getString(1)))
                .containsExactly("failed");
        assertThat(OrphanedLake.removed(lake.removal(AFTER_AGE, OrphanedLake.SETTINGS.withMaxSharePercent(100))
                                .run())
                        .files())
                .isEqualTo(101);
        assertThat(lake.keys()).hasSize(1);
        assertThat(lake.removal(AFTER_AGE, OrphanedLake.SETTINGS).notBefore()).isPresent();
        assertThat(lake.removal(AFTER_AGE.plusDays(1), OrphanedLake.SETTINGS).notBefore())
                .isEmpty();
    }

    @Test
    void aHandfulMayBeAlmostAll() {
        lake.insert(0, 10, "Ulm");
        lake.leave(100);
        assertThat(lake.removal(AFTER_AGE, OrphanedLake.SETTINGS)
                        .plan()
                        .orphans()
                        .due()
                        .files())
                .isEqualTo(100);
        assertThat(OrphanedLake.removed(lake.remove(AFTER_AGE)).files()).isEqualTo(100);
    }

    @Test
    void oneThatIsKilledBetweenSlicesIsFinishedByTheNext() {
        lake.insert(0, 10, "Ulm");
        lake.leave(2_200);
        kill(Failpoint.BEFORE_DELETE, 2, () -> lake.removal(MUCH_LATER, EVERYTHING)
                .run());
        assertThat(lake.keys()).hasSize(1_201);
        kill(Failpoint.AFTER_DELETE, 1, () -> lake.removal(MUCH_LATER, EVERYTHING)
                .run());
        assertThat(lake.keys()).hasSize(201);
        kill(Failpoint.BEFORE_LIST_PAGE, 1, () -> lake.removal(MUCH_LATER, EVERYTHING)
                .run());

        assertThat(lake.removal(MUCH_LATER, OrphanedLake.SETTINGS).notBefore()).isEmpty();
        assertThat(OrphanedLake.removed(lake.removal(MUCH_LATER, EVERYTHING).run())
                        .files())
                .isEqualTo(200);
        assertThat(lake.rows()).isEqualTo(10);
    }

    @Test
    void aSessionThatMayOnlyReadCanPlan() {
        lake.insert(0, 10, "Ulm");
        lake.leave(3);
        try (LakeSession reader = lake.open(SessionOptions.Access.READ)) {
            OrphanPlan plan = new OrphanRemoval(lake.environment(reader, AFTER_AGE), OrphanedLake.SETTINGS).plan();
            assertThat(plan.orphans().due().files()).isEqualTo(3);
        }
        assertThat(lake.keys()).hasSize(4);
    }
}
