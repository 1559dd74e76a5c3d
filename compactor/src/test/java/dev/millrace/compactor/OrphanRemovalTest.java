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
import dev.millrace.storage.StoreStand;
import java.io.IOException;
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
        lake = OrphanedLake.create(folder);
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

    private static FileCount removed(OrphanResult result) {
        assertThat(result).isInstanceOf(OrphanResult.Removed.class);
        return ((OrphanResult.Removed) result).removed();
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
        assertThat(removed(early)).isEqualTo(FileCount.NONE);
        assertThat(early.plan().orphans().young().files()).isEqualTo(2);
        assertThat(lake.keys()).hasSize(8);

        OrphanResult late = lake.remove(AFTER_AGE);
        assertThat(removed(late)).isEqualTo(early.plan().orphans().young());
        assertThat(removed(late).bytes()).isPositive();
        assertThat(late.plan().lakeData().files().files()).isEqualTo(8);
        assertThat(lake.keys()).hasSize(6);
        assertThat(lake.rows()).isEqualTo(40);
        assertWhole();
        assertThat(session.query(
                        "SELECT outcome || files FROM lake.millrace.run WHERE activity = 'remove-orphans' ORDER BY started_at",
                        row -> row.getString(1)))
                .containsExactlyInAnyOrder("succeeded0", "succeeded0", "succeeded2");
    }

    @Test
    void whatARunMayStillCommitStaysHoweverOld() {
        lake.insert(0, 10, "Ulm");
        LeasedRun sleeper = lake.begin(Activity.INGEST, NOW);
        List<String> written = lake.writeUnregistered(5);

        OrphanResult result = lake.removal(MUCH_LATER, EVERYTHING).run();
        assertThat(removed(result)).isEqualTo(FileCount.NONE);
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
        assertThat(removed(lake.removal(MUCH_LATER, EVERYTHING).run())).isEqualTo(FileCount.NONE);
        assertWhole();
    }

    @Test
    void aHolderThatWasTakenOverProtectsNothing() {
        lake.insert(0, 10, "Ulm");
        lake.begin(Activity.INGEST, NOW);
        lake.writeUnregistered(5);
        LeasedRun next = lake.begin(Activity.INGEST, Duration.ofDays(3));

        assertThat(removed(lake.remove(Duration.ofDays(3))).files()).isEqualTo(5);
        next.end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
        assertWhole();
    }

    @Test
    void whatTheCatalogNamesInAnyWayStays() {
        // Partition values that have to be written in another way in a path.
        lake.insert(0, 100, "Ulm", "a b/c=d%20", "Zürich?*[x]", "");
        lake.insert(100, 100, "Ulm");
        session.execute("DELETE FROM lake.trips WHERE id = 5");
        session.execute("DELETE FROM lake.trips WHERE id = 6");
        lake.compact(NOW);
        session.execute("CREATE TABLE lake.analysis (id BIGINT)");
        session.execute(
                "CALL lake.set_option('data_inlining_row_limit', 0, schema => 'main', table_name => 'analysis')");
        session.reconnect();
        session.execute("INSERT INTO lake.analysis SELECT * FROM range(100)");
        String elsewhere = lake.writeUnregistered(1).get(0);
        session.execute(
                "CALL ducklake_add_data_files('lake', 'analysis', ?, ignore_extra_columns => true, hive_partitioning => false)",
                elsewhere);
        session.execute("ALTER TABLE lake.analysis RENAME TO study");
        List<String> before = lake.keys();

        OrphanResult result = lake.removal(MUCH_LATER, EVERYTHING).run();

        assertThat(removed(result)).isEqualTo(FileCount.NONE);
        assertThat(lake.keys()).isEqualTo(before);
        LakeData seen = result.plan().lakeData();
        assertThat(seen.namedFilesFound()).isEqualTo(seen.namedFiles()).isPositive();
        assertThat(seen.files().files()).isEqualTo(before.size());
        assertThat(seen.unplacedFiles()).isZero();

        // Now files are on the list of those to delete, and in no other table.
        CompactSettings longGrace = new CompactSettings(1_000_000, Duration.ofDays(7), MUCH_LATER);
        new SnapshotExpiry(session, longGrace, OrphanedLake.later(Duration.ofDays(8)), OrphanedLake.RETRY)
                .run(List.of(OrphanedLake.TRIPS));
        assertThat(session.queryLong(
                        "SELECT count(*) FROM __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion"))
                .isPositive();
        assertThat(removed(lake.removal(MUCH_LATER, EVERYTHING).run())).isEqualTo(FileCount.NONE);
        assertThat(lake.keys()).isEqualTo(before);
        assertThat(session.queryLong("SELECT count(*) FROM lake.study")).isEqualTo(101);
    }

    @Test
    void theFilesOfADroppedTableStayWhileASnapshotReachesThem() {
        lake.insert(0, 100, "Ulm", "Köln");
        long snapshot = session.queryLong("SELECT max(snapshot_id) FROM lake.snapshots()");
        session.execute("DROP TABLE lake.trips");
        lake.leave(2);

        assertThat(removed(lake.removal(MUCH_LATER, EVERYTHING).run()).files()).isEqualTo(2);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips AT (VERSION => " + snapshot + ")"))
                .isEqualTo(200);
    }

    @Test
    void whatIsRegisteredWhileItIsListedStays() {
        lake.insert(0, 10, "Ulm");
        List<String> written = lake.writeUnregistered(3);
        LakeSession other = lake.open(SessionOptions.Access.WRITE);
        AtomicInteger pages = new AtomicInteger();
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(there -> {
            if (there == Failpoint.AFTER_LIST_PAGE && pages.incrementAndGet() == 1) {
                other.execute("CALL ducklake_add_data_files('lake', 'trips', ?, hive_partitioning => true)", written);
            }
        })) {
            assertThat(listening).isNotNull();
            assertThat(removed(lake.removal(MUCH_LATER, EVERYTHING).run())).isEqualTo(FileCount.NONE);
        } finally {
            other.close();
        }
        assertThat(lake.rows()).isEqualTo(13);
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
        assertThat(removed(lake.removal(AFTER_AGE, OrphanedLake.SETTINGS.withMaxSharePercent(100))
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
        assertThat(removed(lake.remove(AFTER_AGE)).files()).isEqualTo(100);
    }

    @Test
    void aCatalogThatDoesNotFitTheDataIsNotFollowed() throws IOException {
        lake.leave(2);
        assertThat(((OrphanResult.Refused) lake.remove(AFTER_AGE)).message())
                .contains("names no file at all", "lake.catalog and lake.data");
        lake.insert(0, 10, "Ulm");
        String named = lake.keys().stream()
                .filter(key -> !key.contains("town=x"))
                .findFirst()
                .orElseThrow();
        StoreStand.current().remove(lake.lakeData(), named);
        assertThat(((OrphanResult.Refused) lake.removal(AFTER_AGE, EVERYTHING).run()).message())
                .contains("of 1 files that the catalog names none is there");
        assertThat(lake.keys()).hasSize(2);
    }

    @Test
    void aFileWhoseNameTheCatalogKnowsAtAnotherPlaceStays() throws IOException {
        lake.insert(0, 10, "Ulm", "Köln");
        String moved = lake.keys().get(0);
        StoreStand.current().remove(lake.lakeData(), moved);
        String there = "main/trips/moved" + moved.substring(moved.lastIndexOf('/'));
        lake.put(there);
        lake.leave(1);
        assertThat(removed(lake.removal(MUCH_LATER, EVERYTHING).run()).files()).isEqualTo(1);
        assertThat(lake.keys()).contains(there);
    }

    @Test
    void whatIsNoDatasetsIsCountedAndLeftAlone() {
        lake.insert(0, 10, "Ulm");
        List<String> foreign = List.of("main/another/a.parquet", "notes/b.parquet", "c.parquet");
        List<String> other = List.of("main/trips/readme.txt", "d.csv");
        foreign.forEach(lake::put);
        other.forEach(lake::put);

        OrphanResult result = lake.removal(MUCH_LATER, EVERYTHING).run();

        assertThat(removed(result)).isEqualTo(FileCount.NONE);
        assertThat(result.plan().lakeData().foreignFiles()).isEqualTo(3);
        assertThat(result.plan().lakeData().otherFiles()).isEqualTo(2);
        assertThat(result.plan().lakeData().files().files()).isEqualTo(1);
        assertThat(lake.keys()).containsAll(foreign).containsAll(other);
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
        assertThat(removed(lake.removal(MUCH_LATER, EVERYTHING).run()).files()).isEqualTo(200);
        assertThat(lake.rows()).isEqualTo(10);
    }

    @Test
    void aSessionThatMayOnlyReadCanPlan() {
        lake.insert(0, 10, "Ulm");
        lake.leave(3);
        try (LakeSession reader = lake.open(SessionOptions.Access.READ)) {
            OrphanPlan plan = new OrphanRemoval(
                            new CompactEnvironment(
                                    reader,
                                    lake.lakeData(),
                                    OrphanedLake.terms(Activity.COMPACT, OrphanedLake.later(AFTER_AGE))),
                            OrphanedLake.SETTINGS)
                    .plan();
            assertThat(plan.orphans().due().files()).isEqualTo(3);
        }
        assertThat(lake.keys()).hasSize(4);
    }
}
