package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.ingester.Inspection.Footer;
import dev.millrace.ingester.Inspection.Loadable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Proves how an upsert is planned: batches in the order of arrival, lake files to write anew in groups of bounded size. */
class UpsertPlansTest {
    private static final int FILES = 200;

    @Test
    void batchesFollowEachOtherInTheOrderOfArrivalWhateverTheirPartitions() {
        Random random = new Random(7);
        List<Loadable> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            files.add(staged(i / 2, "k" + i, Optional.of("" + random.nextInt(9))));
        }
        List<Loadable> shuffled = new ArrayList<>(files);
        Collections.shuffle(shuffled, random);

        List<Batch> batches = new ArrivalPlanner(new BatchLimits(1_000, 7, 3)).plan(shuffled);

        List<String> planned = batches.stream()
                .flatMap(batch -> batch.files().stream())
                .map(f -> f.file().key())
                .toList();
        assertThat(planned)
                .isEqualTo(files.stream()
                        .sorted(java.util.Comparator.<Loadable, Instant>comparing(
                                        f -> f.file().modifiedAt())
                                .thenComparing(f -> f.file().key()))
                        .map(f -> f.file().key())
                        .toList());
        assertThat(batches).allSatisfy(batch -> {
            assertThat(batch.files()).hasSizeLessThanOrEqualTo(7);
            assertThat(batch.files().stream().map(f -> f.footer().partition()).distinct())
                    .hasSizeLessThanOrEqualTo(3);
        });
    }

    @Test
    void filesOfOnePartitionAreWrittenAnewTogetherUpToTheSizeOfALakeFile() {
        List<TouchedFile> files =
                List.of(lake("d=2/a", 60), lake("d=1/b", 50), lake("d=2/c", 30), lake("d=1/d", 500), lake("d=2/e", 20));
        assertThat(RewritePlanner.plan(files, 100).stream()
                        .map(group -> group.stream().map(TouchedFile::path).toList()))
                .containsExactly(List.of("d=1/b"), List.of("d=1/d"), List.of("d=2/a", "d=2/c"), List.of("d=2/e"));
        assertThat(RewritePlanner.plan(List.of(), 100)).isEmpty();
    }

    @Test
    void rowsAreNamedByFilesAndPartitionUnlessThatIsUncertain() {
        assertThat(TouchedRows.of(
                        Pipeline.trips(), List.of(lake("it's", 1, Optional.of("4")), lake("b", 1, Optional.of("5")))))
                .isEqualTo("filename IN ('it''s', 'b') AND \"day\" IN ('4', '5')");
        assertThat(TouchedRows.of(
                        Pipeline.trips(), List.of(lake("a", 1, Optional.of("4")), lake("b", 1, Optional.empty()))))
                .isEqualTo("filename IN ('a', 'b')");
    }

    @Test
    void aFileCanNotLoseMoreRowsThanItHas() {
        assertThatThrownBy(() -> new TouchedFile("a", List.of(), 3, 0, 1, 4))
                .hasMessageContaining("lake file a has 3 rows");
    }

    private static Loadable staged(int second, String key, Optional<String> partition) {
        return new Loadable(
                new StagedObject(key, 10, Instant.ofEpochSecond(second)),
                new Footer(1, "s", false, partition),
                List.of(),
                List.of());
    }

    private static TouchedFile lake(String path, long bytes) {
        return lake(path, bytes, Optional.of("1"));
    }

    private static TouchedFile lake(String path, long bytes, Optional<String> partition) {
        return new TouchedFile(path, List.of(partition), 3, 0, bytes, 1);
    }
}
