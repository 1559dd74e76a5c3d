package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ingester.Inspection.Footer;
import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.lake.LakeColumn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Proves of any set of files that the planner puts each into one batch, within the limits, whatever their order. */
class BatchPlannerProperties {
    private static final List<LakeColumn> COLUMNS = List.of(new LakeColumn("id", "BIGINT"));
    private static final long COPY_FROM_BYTES = 900;

    @Property
    void everyFileIsInOneBatch(@ForAll("files") List<Loadable> files, @ForAll("limits") BatchLimits limits) {
        List<Loadable> planned = plan(files, limits).stream()
                .flatMap(batch -> batch.files().stream())
                .toList();
        assertThat(planned).containsExactlyInAnyOrderElementsOf(files);
    }

    @Property
    void aBatchKeepsTheLimitsUnlessOneFileAloneExceedsThem(
            @ForAll("files") List<Loadable> files, @ForAll("limits") BatchLimits limits) {
        assertThat(plan(files, limits)).allSatisfy(batch -> {
            assertThat(batch.files().size()).isLessThanOrEqualTo(limits.files());
            assertThat(batch.files().stream()
                            .map(f -> f.footer().partition())
                            .distinct()
                            .count())
                    .isLessThanOrEqualTo(limits.partitions());
            if (batch.files().size() > 1) {
                assertThat(batch.stagedBytes()).isLessThanOrEqualTo(limits.bytes());
            }
        });
    }

    @Property
    void theBatchWithTheOldestFileComesFirst(
            @ForAll("files") List<Loadable> files, @ForAll("limits") BatchLimits limits) {
        assertThat(plan(files, limits)).isSortedAccordingTo((a, b) -> a.oldest().compareTo(b.oldest()));
    }

    @Property
    void theOrderOfTheListingDoesNotMatter(
            @ForAll("files") List<Loadable> files, @ForAll("limits") BatchLimits limits, @ForAll long seed) {
        List<Loadable> shuffled = new ArrayList<>(files);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(plan(shuffled, limits)).containsExactlyInAnyOrderElementsOf(plan(files, limits));
    }

    @Property
    void onlyLargeFilesOfOnePartitionAreCopied(
            @ForAll("files") List<Loadable> files, @ForAll("limits") BatchLimits limits) {
        assertThat(plan(files, limits)).allSatisfy(batch -> assertThat(batch.way() == Batch.Way.COPY)
                .isEqualTo(batch.files().stream().allMatch(BatchPlannerProperties::isLargeAndWhole)));
    }

    private static boolean isLargeAndWhole(Loadable file) {
        return file.file().sizeBytes() >= COPY_FROM_BYTES
                && file.footer().partition().isPresent();
    }

    private static List<Batch> plan(List<Loadable> files, BatchLimits limits) {
        return new BatchPlanner(limits, COPY_FROM_BYTES, List.of("id BIGINT")).plan(files);
    }

    @Provide
    Arbitrary<BatchLimits> limits() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 5_000),
                        Arbitraries.integers().between(1, 50),
                        Arbitraries.integers().between(1, 6))
                .as(BatchLimits::new);
    }

    @Provide
    Arbitrary<List<Loadable>> files() {
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 1_000_000);
        return Combinators.combine(
                        numbers,
                        Arbitraries.longs().between(0, 1_000),
                        Arbitraries.integers().between(0, 20),
                        Arbitraries.integers().between(-1, 8))
                .as((name, bytes, second, day) -> new Loadable(
                        new StagedObject("trips/p/" + name + ".parquet", bytes, Instant.ofEpochSecond(second)),
                        new Footer(
                                bytes,
                                "schema",
                                false,
                                day < 0 ? Optional.empty() : Optional.of(Integer.toString(day))),
                        COLUMNS,
                        List.of()))
                .list()
                .ofMaxSize(80)
                .uniqueElements(f -> f.file().key());
    }
}
