package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Proves of any lake that merges make fewer files within the target size, no file twice, and steps that fall apart. */
class MergePlannerProperties {
    @Property
    void aMergeTakesFilesOfOnePartitionUpToTheTarget(
            @ForAll("files") List<LakeFile> files, @ForAll @LongRange(min = 1, max = 20_000) long target) {
        assertThat(new MergePlanner(target).plan(files)).allSatisfy(merge -> {
            assertThat(merge.inputs()).hasSizeGreaterThan(1).allMatch(f -> f.partition()
                    .equals(merge.partition()));
            assertThat(merge.inputBytes()).isLessThanOrEqualTo(target);
        });
    }

    @Property
    void noFileIsMergedTwiceAndNoneOfTheTargetSize(
            @ForAll("files") List<LakeFile> files, @ForAll @LongRange(min = 1, max = 20_000) long target) {
        List<LakeFile> merged = new MergePlanner(target)
                .plan(files).stream().flatMap(m -> m.inputs().stream()).toList();
        assertThat(merged).doesNotHaveDuplicates().allMatch(file -> file.bytes() < target);
        assertThat(files).containsAll(merged);
    }

    @Property
    void theMergeThatLosesMostFilesComesFirst(
            @ForAll("files") List<LakeFile> files, @ForAll @LongRange(min = 1, max = 20_000) long target) {
        assertThat(new MergePlanner(target).plan(files))
                .isSortedAccordingTo(
                        (a, b) -> Integer.compare(b.inputs().size(), a.inputs().size()));
    }

    @Property
    void stepsOfDifferentPartitionsComeToAnEndAndDoAll(
            @ForAll("files") List<LakeFile> files, @ForAll @IntRange(min = 1, max = 9) int maxMerges) {
        MergePlanner planner = new MergePlanner(20_000);
        List<PlannedMerge> left = planner.plan(files);
        while (!left.isEmpty()) {
            List<PlannedMerge> step = planner.nextStep(left, maxMerges);
            assertThat(step).isNotEmpty().hasSizeLessThanOrEqualTo(maxMerges);
            assertThat(step).extracting(PlannedMerge::partition).doesNotHaveDuplicates();
            left = left.stream().filter(merge -> !step.contains(merge)).toList();
        }
    }

    @Provide
    Arbitrary<List<LakeFile>> files() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 8),
                        Arbitraries.integers().between(0, 1_000_000),
                        Arbitraries.longs().between(0, 100),
                        Arbitraries.longs().between(1, 15_000))
                .as((partition, name, rows, bytes) ->
                        new LakeFile(partition.toString(), name + ".parquet", rows, bytes))
                .list()
                .ofMaxSize(60)
                .uniqueElements(LakeFile::path);
    }
}
