package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.NamedFiles;
import dev.millrace.lake.SessionOptions;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that no file goes as an orphan that the catalog names in any way, nor any that is no dataset's. */
@Tag("slow")
@Tag("stand")
class NamedFilesStayTest {
    private static final Duration NOW = Duration.ZERO;
    private static final Duration AFTER_AGE = Duration.ofHours(49);
    private static final OrphanSettings EVERYTHING =
            new OrphanSettings(Duration.ZERO, OrphanSettings.ALL, Duration.ZERO);

    /** Long after all that a test does. */
    private static final Duration MUCH_LATER = Duration.ofDays(100);

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

    private void assertWhole() {
        assertThat(new NamedFiles(session, lake.lakeData()).problems()).isEmpty();
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
                "CALL ducklake_add_data_files('lake', 'analysis', ?, ignore_extra_columns => true, hive_partitioning"
                        + " => false)",
                elsewhere);
        session.execute("ALTER TABLE lake.analysis RENAME TO study");
        List<String> before = lake.keys();

        OrphanResult result = lake.removal(MUCH_LATER, EVERYTHING).run();

        assertThat(OrphanedLake.removed(result)).isEqualTo(FileCount.NONE);
        assertThat(lake.keys()).isEqualTo(before);
        LakeData seen = result.plan().lakeData();
        assertThat(seen.namedFilesFound()).isEqualTo(seen.namedFiles()).isPositive();
        assertThat(seen.files().files()).isEqualTo(before.size());
        assertThat(seen.unplacedFiles()).isZero();

        // Now files are on the list of those to delete, and in no other table.
        session.execute("CALL ducklake_expire_snapshots('lake', older_than => ?)", Instant.now());
        assertThat(session.queryLong(
                        "SELECT count(*) FROM __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion"))
                .isPositive();
        assertThat(OrphanedLake.removed(lake.removal(MUCH_LATER, EVERYTHING).run()))
                .isEqualTo(FileCount.NONE);
        assertThat(lake.keys()).isEqualTo(before);
        assertThat(session.queryLong("SELECT count(*) FROM lake.study")).isEqualTo(101);
    }

    @Test
    void theFilesOfADroppedTableStayWhileASnapshotReachesThem() {
        lake.insert(0, 100, "Ulm", "Köln");
        long snapshot = session.queryLong("SELECT max(snapshot_id) FROM lake.snapshots()");
        session.execute("DROP TABLE lake.trips");
        lake.leave(2);

        assertThat(OrphanedLake.removed(lake.removal(MUCH_LATER, EVERYTHING).run())
                        .files())
                .isEqualTo(2);
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
            assertThat(OrphanedLake.removed(lake.removal(MUCH_LATER, EVERYTHING).run()))
                    .isEqualTo(FileCount.NONE);
        } finally {
            other.close();
        }
        assertThat(lake.rows()).isEqualTo(13);
        assertWhole();
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
        assertThat(OrphanedLake.removed(lake.removal(MUCH_LATER, EVERYTHING).run())
                        .files())
                .isEqualTo(1);
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

        assertThat(OrphanedLake.removed(result)).isEqualTo(FileCount.NONE);
        assertThat(result.plan().lakeData().foreignFiles()).isEqualTo(3);
        assertThat(result.plan().lakeData().otherFiles()).isEqualTo(2);
        assertThat(result.plan().lakeData().files().files()).isEqualTo(1);
        assertThat(lake.keys()).containsAll(foreign).containsAll(other);
    }
}
