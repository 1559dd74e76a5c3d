package dev.millrace.compactor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Decides which files become one, and which merges are done in one step. Pure. */
public final class MergePlanner {
    private final long targetFileBytes;

    public MergePlanner(long targetFileBytes) {
        this.targetFileBytes = targetFileBytes;
    }

    /**
     * Groups the small files of each partition, in the given order, up to the target size; the merge that gets rid of most
     * files comes first. A file that has the size already is left alone.
     */
    public List<PlannedMerge> plan(List<LakeFile> files) {
        Map<String, List<LakeFile>> byPartition = new TreeMap<>();
        files.stream().filter(file -> file.bytes() < targetFileBytes).forEach(file -> byPartition
                .computeIfAbsent(file.partition(), p -> new ArrayList<>())
                .add(file));
        List<PlannedMerge> merges = new ArrayList<>();
        byPartition.forEach((partition, small) -> merges.addAll(group(partition, small)));
        merges.sort(Comparator.comparingInt((PlannedMerge m) -> -m.inputs().size()));
        return List.copyOf(merges);
    }

    private List<PlannedMerge> group(String partition, List<LakeFile> files) {
        List<PlannedMerge> merges = new ArrayList<>();
        List<LakeFile> group = new ArrayList<>();
        long bytes = 0;
        for (LakeFile file : files) {
            if (bytes + file.bytes() > targetFileBytes) {
                add(merges, partition, group);
                group = new ArrayList<>();
                bytes = 0;
            }
            group.add(file);
            bytes += file.bytes();
        }
        add(merges, partition, group);
        return merges;
    }

    private static void add(List<PlannedMerge> merges, String partition, List<LakeFile> group) {
        if (group.size() > 1) {
            merges.add(new PlannedMerge(partition, group));
        }
    }

    /**
     * The merges of the next step: the first ones, each of another partition, so that what is written falls apart into just
     * one file for each of them.
     */
    public List<PlannedMerge> nextStep(List<PlannedMerge> merges, int maxMerges) {
        Set<String> partitions = new HashSet<>();
        List<PlannedMerge> step = new ArrayList<>();
        long bytes = 0;
        for (PlannedMerge merge : merges) {
            boolean fits = step.isEmpty() || (step.size() < maxMerges && bytes + merge.inputBytes() <= targetFileBytes);
            if (fits && partitions.add(merge.partition())) {
                step.add(merge);
                bytes += merge.inputBytes();
            }
        }
        return List.copyOf(step);
    }
}
