package dev.millrace.compactor;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Looks at some of the partitions after the other, the ones with most to win first, so that a backlog of any size fits into a small
 * heap. A partition in which nothing is worth a merge is not looked at again. Belongs to its session's thread.
 */
final class MergeSlices {
    /** So many files are thought about at a time. */
    private static final int FILES_A_SLICE = 20_000;

    private final DatasetInspection inspection;
    private final BooleanSupplier isInCatalog;
    private MergePlanner planner;
    private boolean isPlannerChosen;

    /** The merges that were given out last are the last ones, when they are done. */
    private boolean isAtEnd;

    private final Set<String> finished = new HashSet<>();

    /**
     * @param isInCatalog whether files are exchanged without the engine; asked when something is worth a merge
     */
    MergeSlices(DatasetInspection inspection, MergePlanner planner, BooleanSupplier isInCatalog) {
        this.inspection = inspection;
        this.planner = planner;
        this.isInCatalog = isInCatalog;
    }

    /** The merges of the partitions that come next; empty when nothing is left that is worth one. */
    List<PlannedMerge> next(Instant now) {
        if (isAtEnd) {
            return List.of();
        }
        List<LakeFile> inlined = inspection.inlinedRows();
        return next(inlined, inlined.isEmpty() ? inspection.partitions() : List.of(), now);
    }

    /**
     * As {@link #next(Instant)}, for a caller that has looked already.
     *
     * @param inlined rows in the catalog itself: they come first, and alone
     */
    List<PlannedMerge> next(List<LakeFile> inlined, List<PartitionState> partitions, Instant now) {
        if (!inlined.isEmpty()) {
            return List.of(new PlannedMerge("", inlined));
        }
        List<PartitionState> left = planner.worthALook(partitions, now).stream()
                .filter(partition -> !finished.contains(partition.partition()))
                .toList();
        while (!left.isEmpty()) {
            List<PartitionState> slice = slice(left);
            List<PlannedMerge> merges = merges(slice, now);
            if (!merges.isEmpty()) {
                isAtEnd = slice.size() == left.size() && leaveOneFileEach(slice, merges);
                return merges;
            }
            left = left.subList(slice.size(), left.size());
        }
        return List.of();
    }

    private List<PlannedMerge> merges(List<PartitionState> slice, Instant now) {
        if (!isPlannerChosen) {
            planner = isInCatalog.getAsBoolean() ? planner.ofCatalog() : planner;
            isPlannerChosen = true;
        }
        List<PlannedMerge> merges = planner.plan(inspection.candidates(slice, FILES_A_SLICE), now);
        Set<String> planned = new HashSet<>();
        merges.forEach(merge -> planned.add(merge.partition()));
        slice.stream()
                .map(PartitionState::partition)
                .filter(partition -> !planned.contains(partition))
                .forEach(finished::add);
        return merges;
    }

    /** Each of the partitions is one merge of all its files. */
    private static boolean leaveOneFileEach(List<PartitionState> partitions, List<PlannedMerge> merges) {
        Map<String, Long> files =
                partitions.stream().collect(Collectors.toMap(PartitionState::partition, PartitionState::files));
        return merges.size() == partitions.size()
                && merges.stream()
                        .allMatch(merge ->
                                files.get(merge.partition()) == merge.inputs().size());
    }

    /** To be told where merges that were given out were not done. */
    void lookAgain() {
        isAtEnd = false;
    }

    /**
     * From now on writes less at a time than a step that was too much, into smaller files.
     *
     * @return whether that can be: a single file that is written anew is as large as it is
     */
    boolean shrink(List<PlannedMerge> step) {
        boolean isSingleFile = step.size() == 1 && step.get(0).inputs().size() == 1;
        long bytes = step.stream().mapToLong(PlannedMerge::outputBytes).sum();
        if (isSingleFile || bytes < 2) {
            return false;
        }
        lookAgain();
        planner = planner.withTarget(bytes / 2);
        return true;
    }

    private static List<PartitionState> slice(List<PartitionState> partitions) {
        long files = 0;
        int end = 0;
        while (end < partitions.size() && (end == 0 || files < FILES_A_SLICE)) {
            files += partitions.get(end).smallFiles() + partitions.get(end).dirtyFiles();
            end++;
        }
        return partitions.subList(0, end);
    }

    /** What of some merges goes together into one step. */
    List<PlannedMerge> nextStep(List<PlannedMerge> merges, int maxMerges) {
        return planner.nextStep(merges, maxMerges);
    }
}
