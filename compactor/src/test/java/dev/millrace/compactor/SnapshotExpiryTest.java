package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.NamedFiles;
import dev.millrace.lake.Pin;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Proves that a snapshot goes with its files when its time is over, not before, that a pinned one stays readable for weeks, and
 * that an expiry which was stopped is gone on with.
 */
@Tag("slow")
@Tag("stand")
class SnapshotExpiryTest {
    private static final int WEEKS_IN_DAYS = 21;

    @TempDir
    Path folder;

    private AgingLake lake;

    @BeforeEach
    void open() {
        lake = new AgingLake(folder);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void afterWeeksAPinnedSnapshotIsReadableAndTheOthersAreGoneWithTheirFiles() {
        lake.insert();
        lake.insert();
        long pinned = lake.newest();
        List<Long> pinnedContent = lake.contentAt(pinned);
        Set<String> pinnedFiles = lake.filesOf(pinned);
        Pin pin = AgingLake.pinning(lake.session()).pin(pinned, "the state of the report", Optional.empty());
        long forgotten = 0;
        Set<String> forgottenFiles = Set.of();
        for (int day = 0; day < WEEKS_IN_DAYS; day++) {
            lake.insert();
            lake.insert();
            if (day == 1) {
                forgotten = lake.newest();
                forgottenFiles = lake.filesOf(forgotten);
            }
            lake.compact();
            lake.letPass(Duration.ofDays(1));
            lake.expire();
            assertThat(lake.contentAt(pinned)).as("day %d", day).isEqualTo(pinnedContent);
            assertThat(new NamedFiles(lake.session(), lake.data()).problems()).isEmpty();
        }

        long gone = forgotten;
        assertThat(lake.snapshots()).contains(pinned).doesNotContain(gone, pinned + 1);
        assertThatThrownBy(() -> lake.contentAt(gone)).hasMessageContaining("" + gone);
        forgottenFiles.removeAll(pinnedFiles);
        assertThat(forgottenFiles).isNotEmpty();
        assertThat(lake.files()).containsAll(pinnedFiles).doesNotContainAnyElementsOf(forgottenFiles);

        List<Long> content = lake.content();
        AgingLake.pinning(lake.session()).remove(pin.id());
        lake.expire();
        assertThatThrownBy(() -> lake.contentAt(pinned)).hasMessageContaining("" + pinned);
        assertThat(lake.files()).as("within the grace").containsAll(pinnedFiles);
        lake.letPass(Duration.ofDays(3));
        lake.expire();
        assertThat(lake.files()).doesNotContainAnyElementsOf(pinnedFiles);
        assertThat(lake.content()).isEqualTo(content);
        assertThat(new NamedFiles(lake.session(), lake.data()).problems()).isEmpty();
    }

    @Test
    void theTimeOfASnapshotBeginsWhenItIsReplaced() {
        lake.insert();
        long replaced = lake.newest();
        lake.letPass(Duration.ofDays(30));
        lake.insert();
        lake.letPass(Duration.ofDays(6));
        lake.expire();
        assertThat(lake.snapshots()).contains(replaced);
        assertThat(lake.contentAt(replaced).get(0)).isEqualTo(20);

        lake.letPass(Duration.ofDays(1));
        assertThat(lake.expire().snapshots()).isEqualTo(1);
        assertThat(lake.snapshots()).doesNotContain(replaced);
    }

    @Test
    void theOldestOfTooManyGoBeforeTheirTimeButNotWithinTheGrace() {
        for (int i = 0; i < 6; i++) {
            lake.insert();
        }
        assertThat(lake.expire(atMost(1)).snapshots()).as("within the grace").isZero();

        lake.letPass(Duration.ofDays(3));
        lake.insert();
        lake.insert();
        long newest = lake.newest();
        lake.expire(atMost(5));
        assertThat(lake.snapshots()).containsExactly(newest - 4, newest - 3, newest - 2, newest - 1, newest);
        lake.expire(atMost(1));
        assertThat(lake.snapshots())
                .as("the first of them was the newest until now")
                .containsExactly(newest - 2, newest - 1, newest);
    }

    private static SnapshotRetention atMost(int snapshots) {
        return new SnapshotRetention(Duration.ofDays(7), snapshots, Duration.ofDays(2));
    }

    @Test
    void aPinThatHasEndedKeepsNothing() {
        lake.insert();
        long pinned = lake.newest();
        AgingLake.pinning(lake.session())
                .pin(pinned, "", Optional.of(Clock.systemUTC().instant().plus(Duration.ofDays(1))));
        lake.insert();
        lake.letPass(Duration.ofDays(8));
        lake.expire();
        assertThat(lake.snapshots()).contains(pinned);
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
        new SnapshotExpiry(lake.session(), AgingLake.RETENTION, later, CommitRetry.STANDARD)
                .run(List.of(TripsLake.TRIPS));
        assertThat(lake.snapshots()).doesNotContain(pinned);
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_EXPIRE", "AFTER_EXPIRE", "BEFORE_COMMIT", "AFTER_COMMIT"})
    void whatWasStoppedIsGoneOnWith(Failpoint failpoint) {
        for (int i = 0; i < 9; i++) {
            lake.insert();
        }
        lake.letPass(Duration.ofDays(8));
        int before = lake.snapshots().size();
        List<Long> content = lake.content();
        stop(failpoint, 2, this::expireInStepsOfThree);
        assertThat(lake.snapshots())
                .hasSize(before - (failpoint == Failpoint.AFTER_COMMIT ? 6 : 3))
                .contains(lake.newest());
        assertThat(lake.content()).isEqualTo(content);

        expireInStepsOfThree();
        assertThat(lake.snapshots()).hasSize(1);
        assertThat(lake.content()).isEqualTo(content);
    }

    /** Ends some work at a failpoint, and goes on as another process. */
    private void stop(Failpoint failpoint, int time, ThrowingCallable work) {
        AtomicInteger passed = new AtomicInteger();
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
            if (at == failpoint && passed.incrementAndGet() == time) {
                throw new IllegalStateException("stopped");
            }
        })) {
            assertThat(listening).isNotNull();
            assertThatThrownBy(work).hasMessage("stopped");
        }
        lake.restart();
    }

    private void expireInStepsOfThree() {
        new SnapshotExpiry(lake.session(), AgingLake.RETENTION, Clock.systemUTC(), CommitRetry.STANDARD, 3)
                .run(List.of(TripsLake.TRIPS));
    }

    /** What a run leaves that dies between its deletions: the list of files to delete is shortened at the end. */
    @Test
    void aCleaningOfWhichSomeFilesAreGoneIsGoneOnWith() {
        lake.insert();
        lake.insert();
        lake.compact();
        lake.letPass(Duration.ofDays(8));
        lake.expire();
        lake.letPass(Duration.ofDays(3));
        List<Long> content = lake.content();
        Set<String> unneeded = lake.files();
        unneeded.removeAll(lake.filesOf(lake.newest()));
        assertThat(unneeded).hasSize(4);
        lake.data().delete(unneeded.stream().limit(2).toList());
        stop(Failpoint.BEFORE_CLEAN, 1, lake::expire);

        assertThat(lake.expire().files()).isEqualTo(4);

        assertThat(lake.files()).isEqualTo(lake.filesOf(lake.newest()));
        assertThat(lake.content()).isEqualTo(content);
        assertThat(new NamedFiles(lake.session(), lake.data()).problems()).isEmpty();
        assertThat(lake.expire()).isEqualTo(new SnapshotExpiry.Expired(0, 0));
    }

    @Test
    void tensOfThousandsGoInStepsWhileOthersCommit() throws Exception {
        lake.insert();
        lake.session().execute("""
                INSERT INTO __ducklake_metadata_lake.ducklake_snapshot
                SELECT snapshot_id + i, snapshot_time, schema_version, next_catalog_id, next_file_id
                FROM (FROM __ducklake_metadata_lake.ducklake_snapshot ORDER BY snapshot_id DESC LIMIT 1), range(1, 25001) r(i)
                """);
        lake.restart();
        lake.letPass(Duration.ofDays(8));
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<Integer> commits = thread.submit(() -> {
            int count = 0;
            try (LakeSession writer = lake.another()) {
                while (!ended.get()) {
                    CommitRetry.STANDARD.run(
                            writer,
                            "inserting",
                            () -> writer.update("INSERT INTO lake.trips VALUES (1, 1)"),
                            Optional::empty);
                    count++;
                }
            }
            return count;
        });
        try {
            assertThat(lake.expire().snapshots()).isGreaterThan(25_000);
        } finally {
            ended.set(true);
            thread.shutdown();
        }
        assertThat(commits.get()).isPositive();
        assertThat(lake.snapshots()).hasSizeLessThanOrEqualTo(commits.get() + 1);
        assertThat(lake.content().get(0)).isEqualTo(20L + commits.get());
    }
}
