package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/**
 * Proves of any lake that merges make fewer files within the target size, no file twice, that a quiet partition is brought down to its number of
 * files, that what is still written to is not rewritten again and again, and that steps fall apart.
 */
class MergePlannerProperties {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration QUIET = Duration.ofHours(12);

    @Property
    void aMergeTakesFilesOfOnePartitionUpToTheTarget(
            @ForAll("files") List<LakeFile> files, @ForAll @LongRange(min = 1, max = 20_000) long target) {
        assertThat(full(target).plan(partitions(files, NOW), NOW)).allSatisfy(merge -> {
            assertThat(merge.inputs()).allMatch(f -> f.partition().equals(merge.partition()));
            assertThat(merge.inputs().size() == 1 || merge.outputBytes() <= target)
                    .isTrue();
        });
    }

    @Property
    void noFileIsMergedTwiceAndNoneOfTheTargetSizeThatIsClean(
            @ForAll("files") List<LakeFile> files, @ForAll @LongRange(min = 1, max = 20_000) long target) {
        List<LakeFile> merged = inputs(full(target).plan(partitions(files, NOW), NOW));
        assertThat(merged)
                .doesNotHaveDuplicates()
                .allMatch(file -> file.liveBytes() < target || file.deletedShare() > MergePolicy.DIRTY_SHARE);
        assertThat(files).containsAll(merged);
    }

    @Property
    void theMergeThatRelievesMostForWhatItCostsComesFirst(
            @ForAll("files") List<LakeFile> files, @ForAll @LongRange(min = 1, max = 20_000) long target) {
        assertThat(full(target).plan(partitions(files, NOW), NOW))
                .isSortedAccordingTo((a, b) -> Double.compare(b.relief(), a.relief()));
    }

    @Property
    void eachFileOfWhichMuchIsDeletedIsWrittenAnew(
            @ForAll("files") List<LakeFile> files, @ForAll @LongRange(min = 1, max = 20_000) long target) {
        for (MergePlanner planner : List.of(full(target), worthwhile(target))) {
            assertThat(inputs(planner.plan(partitions(files, NOW), NOW)))
                    .containsAll(files.stream()
                            .filter(file -> file.deletedShare() > MergePolicy.DIRTY_SHARE)
                            .toList());
        }
    }

    @Property
    void aQuietPartitionHasAtMostTwiceItsIdealNumberOfFiles(
            @ForAll("files") List<LakeFile> files, @ForAll @LongRange(min = 1, max = 20_000) long target) {
        Instant longAgo = NOW.minus(QUIET);
        List<LakeFile> left = new ArrayList<>(files);
        MergePlanner planner = worthwhile(target);
        for (List<PlannedMerge> merges = planner.plan(partitions(left, longAgo), NOW);
                !merges.isEmpty();
                merges = planner.plan(partitions(left, longAgo), NOW)) {
            merges.forEach(merge -> merge(left, merge));
        }
        assertThat(partitions(left, longAgo))
                .extracting(PartitionFiles::state)
                .allMatch(state -> state.files() <= 2 * Math.max(1, (state.bytes() + target - 1) / target));
    }

    @Property
    void whatIsStillWrittenToIsRewrittenIntoMuchLargerFilesOnly(
            @ForAll("files") List<LakeFile> files, @ForAll @LongRange(min = 1, max = 200_000) long target) {
        assertThat(worthwhile(target).plan(partitions(files, NOW), NOW))
                .allMatch(merge -> merge.action() == PlannedMerge.Action.REWRITE
                        || 2 * merge.outputBytes() >= target
                        || merge.outputBytes()
                                >= MergePolicy.GROWTH
                                        * merge.inputs().stream()
                                                .mapToLong(LakeFile::liveBytes)
                                                .max()
                                                .orElseThrow());
    }

    @Property
    void stepsOfDifferentPartitionsComeToAnEndAndDoAll(
            @ForAll("files") List<LakeFile> files, @ForAll @IntRange(min = 1, max = 9) int maxMerges) {
        MergePlanner planner = full(20_000);
        List<PlannedMerge> left = planner.plan(partitions(files, NOW), NOW);
        while (!left.isEmpty()) {
            List<PlannedMerge> step = planner.nextStep(left, maxMerges);
            assertThat(step).isNotEmpty().hasSizeLessThanOrEqualTo(maxMerges);
            assertThat(step).extracting(PlannedMerge::partition).doesNotHaveDuplicates();
            left = left.stream().filter(merge -> !step.contains(merge)).toList();
        }
    }

    @Example
    void aStepTakesMoreFilesWhereTheCatalogExchangesThem() {
        List<LakeFile> whole = LongStream.range(0, 12_000)
                .mapToObj(n -> new LakeFile("a", n + ".parquet", 1, 0, 1))
                .toList();
        List<LakeFile> halves = LongStream.range(0, 12_000)
                .mapToObj(n -> new LakeFile("b", n + ".parquet", 1, 1, 2))
                .toList();
        assertThat(sizes(full(1_000_000), whole)).containsOnly(1_000).hasSize(12);
        assertThat(sizes(full(1_000_000).ofCatalog(), whole)).containsExactly(10_000, 2_000);
        assertThat(sizes(full(1_000_000).ofCatalog(), halves))
                .containsOnly(1_000)
                .hasSize(12);
        assertThat(sizes(full(1_000_000).ofCatalog().withTarget(20_000), whole)).containsExactly(10_000, 2_000);
    }

    @Example
    void filesWithDeletesAndWholeOnesAreNotMoreTogetherThanTheEngineEndsQuickly() {
        MergePlanner planner = full(1_000_000).ofCatalog();
        PlannedMerge whole = merge("whole", 0, 900);
        PlannedMerge wholeToo = merge("whole too", 0, 900);
        PlannedMerge halves = merge("halves", 1, 900);
        PlannedMerge fewHalves = merge("few halves", 1, 90);
        assertThat(planner.nextStep(List.of(whole, halves, wholeToo), 16)).containsExactly(whole, wholeToo);
        assertThat(planner.nextStep(List.of(halves, whole, wholeToo), 16)).containsExactly(halves);
        assertThat(planner.nextStep(List.of(fewHalves, whole, wholeToo), 16)).containsExactly(fewHalves, whole);
    }

    private static PlannedMerge merge(String partition, long deletedRows, int files) {
        return new PlannedMerge(
                partition,
                LongStream.range(0, files)
                        .mapToObj(n -> new LakeFile(partition, n + ".parquet", 1, deletedRows, 1 + deletedRows))
                        .toList());
    }

    private static List<Integer> sizes(MergePlanner planner, List<LakeFile> files) {
        return planner.plan(partitions(files, NOW), NOW).stream()
                .map(merge -> merge.inputs().size())
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private static MergePlanner full(long target) {
        return new MergePlanner(new MergePolicy(target, QUIET, MergePolicy.Extent.FULL));
    }

    private static MergePlanner worthwhile(long target) {
        return new MergePlanner(new MergePolicy(target, QUIET, MergePolicy.Extent.WORTHWHILE));
    }

    private static List<LakeFile> inputs(Collection<PlannedMerge> merges) {
        return merges.stream().flatMap(m -> m.inputs().stream()).toList();
    }

    private static void merge(List<LakeFile> files, PlannedMerge merge) {
        files.removeAll(merge.inputs());
        files.add(new LakeFile(
                merge.partition(), "m" + files.size() + merge, merge.inputRows(), 0, Math.max(1, merge.outputBytes())));
    }

    private static List<PartitionFiles> partitions(List<LakeFile> files, Instant writtenAt) {
        return files.stream().collect(Collectors.groupingBy(LakeFile::partition)).entrySet().stream()
                .map(entry -> new PartitionFiles(
                        new PartitionState(
                                entry.getKey(),
                                entry.getValue().size(),
                                entry.getValue().stream()
                                        .mapToLong(LakeFile::bytes)
                                        .sum(),
                                0,
                                0,
                                0,
                                0,
                                0,
                                writtenAt),
                        entry.getValue()))
                .toList();
    }

    @Provide
    Arbitrary<List<LakeFile>> files() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 8),
                        Arbitraries.integers().between(0, 1_000_000),
                        Arbitraries.longs().between(1, 100),
                        Arbitraries.longs().between(0, 100),
                        Arbitraries.longs().between(1, 15_000))
                .as((partition, name, rows, deleted, bytes) ->
                        new LakeFile(partition.toString(), name + ".parquet", rows, deleted / 3, bytes))
                .list()
                .ofMaxSize(60)
                .uniqueElements(LakeFile::path);
    }
}
