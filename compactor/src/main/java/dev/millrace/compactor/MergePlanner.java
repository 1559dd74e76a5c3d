package dev.millrace.compactor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Decides which files become one, and which merges are done in one step. Pure. */
public final class MergePlanner {
    /** So many files are opened by a step at most where the engine has to end them, which takes its transaction about 0.3 ms each. */
    static final int MAX_INPUTS = 1_000;

    /**
     * So many where they are ended in the catalog itself, which takes its transaction about 20 µs each. What the engine keeps of each file that it
     * reads bounds them: about 60 kB (`bench/run compaction`).
     */
    static final int MAX_INPUTS_IN_CATALOG = 10_000;

    /** The sizes of a group are looked at from the smallest; of equal ones the older comes first. */
    private static final Comparator<LakeFile> BY_SIZE = Comparator.comparingLong(LakeFile::liveBytes);

    private final MergePolicy policy;
    private final int maxInputs;

    /** For files that the engine exchanges. */
    public MergePlanner(MergePolicy policy) {
        this(policy, MAX_INPUTS);
    }

    private MergePlanner(MergePolicy policy, int maxInputs) {
        this.policy = policy;
        this.maxInputs = maxInputs;
    }

    /** One for files that are exchanged in the catalog itself, unless something is deleted from them. */
    MergePlanner ofCatalog() {
        return new MergePlanner(policy, MAX_INPUTS_IN_CATALOG);
    }

    /** One that plans for files of another size. */
    MergePlanner withTarget(long targetFileBytes) {
        return new MergePlanner(new MergePolicy(targetFileBytes, policy.quiet(), policy.extent()), maxInputs);
    }

    /** Those partitions in which something may be worth a merge, the one with most to win first. */
    public List<PartitionState> worthALook(Collection<PartitionState> partitions, Instant now) {
        return partitions.stream()
                .filter(partition -> mayBeWorthIt(partition, now))
                .sorted(Comparator.comparingLong((PartitionState p) -> -p.smallFiles() - p.dirtyFiles())
                        .thenComparing(PartitionState::partition))
                .toList();
    }

    private boolean mayBeWorthIt(PartitionState partition, Instant now) {
        if (partition.dirtyFiles() > 0) {
            return true;
        }
        boolean isQuiet = policy.extent() == MergePolicy.Extent.WORTHWHILE && isQuiet(partition, now);
        return isQuiet ? partition.files() > allowedFiles(partition) : partition.smallFiles() > 1;
    }

    /**
     * Groups files of each partition that become one, about of the target size at most; the merge that relieves readers most for what it
     * costs comes first.
     *
     * @param now by which it is told whether a partition is still written to
     */
    public List<PlannedMerge> plan(Collection<PartitionFiles> partitions, Instant now) {
        List<PlannedMerge> merges = new ArrayList<>();
        partitions.forEach(partition -> merges.addAll(plan(partition, now)));
        merges.sort(Comparator.comparingDouble((PlannedMerge m) -> -m.relief()));
        return List.copyOf(merges);
    }

    private List<PlannedMerge> plan(PartitionFiles partition, Instant now) {
        List<LakeFile> small = partition.candidates().stream()
                .filter(file -> file.liveBytes() < policy.largeEnoughBytes())
                .toList();
        List<PlannedMerge> merges = groups(partition.state().partition(), choose(partition.state(), small, now));
        if (!isBroughtDown(partition.state(), now)) {
            merges.removeIf(merge -> !isMuchLarger(merge));
        }
        Set<LakeFile> taken = new HashSet<>();
        merges.forEach(merge -> taken.addAll(merge.inputs()));
        // What is not merged with others is written anew by itself where too much of it is deleted.
        partition.candidates().stream()
                .filter(file -> isDirty(file) && !taken.contains(file))
                .map(file -> new PlannedMerge(file.partition(), List.of(file)))
                .forEach(merges::add);
        return merges;
    }

    /** Those of the small files that are worth being written anew, in their own order. */
    private List<LakeFile> choose(PartitionState state, List<LakeFile> small, Instant now) {
        if (policy.extent() == MergePolicy.Extent.FULL) {
            return small;
        }
        List<LakeFile> bySize = small.stream().sorted(BY_SIZE).toList();
        int count = ofLikeSize(bySize);
        if (isQuiet(state, now)) {
            count = Math.max(count, surplus(bySize, state.files() - allowedFiles(state)));
        }
        Set<LakeFile> chosen = new HashSet<>(bySize.subList(0, count));
        return small.stream().filter(chosen::contains).toList();
    }

    private boolean isBroughtDown(PartitionState partition, Instant now) {
        return policy.extent() == MergePolicy.Extent.FULL || isQuiet(partition, now);
    }

    /** Of what is chosen together, the rest behind the full files may be a large file with a small one. */
    private boolean isMuchLarger(PlannedMerge merge) {
        long largest =
                merge.inputs().stream().mapToLong(LakeFile::liveBytes).max().orElseThrow();
        return merge.outputBytes() >= MergePolicy.GROWTH * largest || merge.outputBytes() >= policy.largeEnoughBytes();
    }

    /** So many of the smallest that all of them together are much larger than the largest of them, or fill a file. */
    private int ofLikeSize(List<LakeFile> bySize) {
        int count = 0;
        long bytes = 0;
        for (int i = 0; i < bySize.size(); i++) {
            long size = bySize.get(i).liveBytes();
            bytes += size;
            if (i > 0 && (bytes >= MergePolicy.GROWTH * size || bytes >= policy.targetFileBytes())) {
                count = i + 1;
            }
        }
        return count;
    }

    /** So many of the smallest that the partition has a number of files less, and those that cost little besides. */
    private static int surplus(List<LakeFile> bySize, long tooMany) {
        if (tooMany <= 0) {
            return 0;
        }
        int count = 0;
        long bytes = 0;
        for (LakeFile file : bySize) {
            boolean isCheap = file.liveBytes() <= MergePolicy.CHEAP * bytes;
            if (count > tooMany && !isCheap) {
                break;
            }
            count++;
            bytes += file.liveBytes();
        }
        return count;
    }

    private List<PlannedMerge> groups(String partition, List<LakeFile> files) {
        List<PlannedMerge> merges = new ArrayList<>();
        List<LakeFile> group = new ArrayList<>();
        int limit = files.stream().allMatch(LakeFile::isWhole) ? maxInputs : MAX_INPUTS;
        long bytes = 0;
        for (LakeFile file : files) {
            if (bytes + file.liveBytes() > policy.targetFileBytes() || group.size() == limit) {
                add(merges, partition, group);
                group = new ArrayList<>();
                bytes = 0;
            }
            group.add(file);
            bytes += file.liveBytes();
        }
        add(merges, partition, group);
        return merges;
    }

    private static void add(List<PlannedMerge> merges, String partition, List<LakeFile> group) {
        if (group.size() > 1) {
            merges.add(new PlannedMerge(partition, group));
        }
    }

    private static boolean isDirty(LakeFile file) {
        return file.isInlined() || file.deletedShare() > MergePolicy.DIRTY_SHARE;
    }

    private boolean isQuiet(PartitionState partition, Instant now) {
        return !partition.writtenAt().plus(policy.quiet()).isAfter(now);
    }

    private long allowedFiles(PartitionState partition) {
        return MergePolicy.ALLOWED_TIMES_IDEAL * policy.idealFiles(partition.bytes());
    }

    /**
     * The merges of the next step: the first ones, each of another partition, so that what is written falls apart into just
     * one file for each of them.
     */
    public List<PlannedMerge> nextStep(List<PlannedMerge> merges, int maxMerges) {
        Set<String> partitions = new HashSet<>();
        List<PlannedMerge> step = new ArrayList<>();
        int limit = maxInputs;
        long bytes = 0;
        long files = 0;
        for (PlannedMerge merge : merges) {
            int inputs = merge.inputs().size();
            int together = merge.isOfWholeFiles() ? limit : MAX_INPUTS;
            boolean fits = step.isEmpty()
                    || (step.size() < maxMerges
                            && bytes + merge.outputBytes() <= policy.targetFileBytes()
                            && files + inputs <= together);
            if (fits && partitions.add(merge.partition())) {
                step.add(merge);
                limit = together;
                bytes += merge.outputBytes();
                files += inputs;
            }
        }
        return List.copyOf(step);
    }
}
