package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Proves of any lake that the planner merges only where files become fewer, the greatest relief first. */
class MergePlannerProperties {
    @Property
    void aMergeLeavesFewerFiles(
            @ForAll("partitions") List<PartitionFiles> partitions,
            @ForAll @LongRange(min = 1, max = 10_000) long target) {
        assertThat(new MergePlanner(target).plan(partitions))
                .allSatisfy(merge -> assertThat(merge.outputFiles()).isBetween(1L, merge.inputFiles() - 1));
    }

    @Property
    void thePartitionThatLosesMostFilesComesFirst(
            @ForAll("partitions") List<PartitionFiles> partitions,
            @ForAll @LongRange(min = 1, max = 10_000) long target) {
        assertThat(new MergePlanner(target).plan(partitions))
                .isSortedAccordingTo(
                        (a, b) -> Long.compare(b.inputFiles() - b.outputFiles(), a.inputFiles() - a.outputFiles()));
    }

    @Property
    void onePartitionWithOneSmallFileIsLeftAlone(@ForAll @LongRange(min = 1, max = 10_000) long target) {
        assertThat(new MergePlanner(target).plan(List.of(new PartitionFiles("1", 9, 90_000, 1, 1))))
                .isEmpty();
    }

    @Provide
    Arbitrary<List<PartitionFiles>> partitions() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1_000),
                        Arbitraries.longs().between(0, 50),
                        Arbitraries.longs().between(0, 50),
                        Arbitraries.longs().between(1, 9_999))
                .as((name, large, small, bytes) -> new PartitionFiles(
                        name.toString(), large + small, large * 10_000 + small * bytes, small, small * bytes))
                .list()
                .ofMaxSize(30)
                .uniqueElements(PartitionFiles::partition);
    }
}
