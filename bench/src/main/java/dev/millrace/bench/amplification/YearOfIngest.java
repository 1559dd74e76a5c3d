package dev.millrace.bench.amplification;

import dev.millrace.compactor.LakeFile;
import dev.millrace.compactor.MergePlanner;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.compactor.PartitionFiles;
import dev.millrace.compactor.PartitionState;
import dev.millrace.compactor.PlannedMerge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A year in which a file comes in every minute and a compaction every hour, over a list of files in memory. The planner of
 * merges is the real one; files take the bytes of their inputs. A seed always does the same.
 */
public final class YearOfIngest {
    private static final long MINUTES = Duration.ofDays(365).toMinutes();
    private static final long COMPACT_EVERY_MINUTES = 60;
    private static final long DAY_MINUTES = Duration.ofDays(1).toMinutes();
    private static final int LATE_DAYS = 30;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final Stream stream;
    private final MergePolicy policy;
    private final MergePlanner planner;
    private final Random random;
    private final Map<String, Partition> partitions = new TreeMap<>();
    private long ingested;
    private long written;
    private long mostFiles;
    private long number;
    private double worstTimesIdeal;

    private YearOfIngest(Stream stream, MergePolicy policy, long seed) {
        this.stream = stream;
        this.policy = policy;
        this.planner = new MergePlanner(policy);
        this.random = new Random(seed);
    }

    /**
     * What the year came to.
     *
     * @param amplification bytes that compaction wrote for each byte that was ingested
     * @param filesAtEnd of all partitions
     * @param mostFiles of one partition at any hour after a compaction
     * @param worstTimesIdeal of any partition to which nobody had written for a day: its files by the number that its bytes would
     *     fill
     */
    public record Result(
            Stream stream,
            long ingestedBytes,
            double amplification,
            long filesAtEnd,
            long mostFiles,
            double worstTimesIdeal) {}

    /** A partition's files; its state is made anew when it is asked for after they have changed. */
    private final class Partition {
        private final String name;
        private final List<LakeFile> files = new ArrayList<>();
        private Optional<PartitionState> state = Optional.empty();
        private long changedAt;
        private long ingestedAt;

        Partition(long key) {
            this.name = Long.toString(key);
        }

        void changed(long minute) {
            changedAt = minute;
            state = Optional.empty();
        }

        PartitionState state() {
            if (state.isEmpty()) {
                state = Optional.of(new PartitionState(
                        name,
                        files.size(),
                        files.stream().mapToLong(LakeFile::bytes).sum(),
                        files.stream()
                                .filter(file -> file.bytes() < policy.targetFileBytes())
                                .count(),
                        0,
                        0,
                        files.size(),
                        0,
                        BEGIN.plus(Duration.ofMinutes(changedAt))));
            }
            return state.orElseThrow();
        }

        double timesIdeal() {
            long ideal = (state().bytes() + policy.targetFileBytes() - 1) / policy.targetFileBytes();
            return (double) files.size() / Math.max(1, ideal);
        }
    }

    /** Runs the year. */
    public static Result of(Stream stream, MergePolicy policy, long seed) {
        YearOfIngest year = new YearOfIngest(stream, policy, seed);
        for (long minute = 0; minute < MINUTES; minute++) {
            year.ingest(stream.partitionAt(minute), minute);
            if (year.random.nextInt(1_000) < stream.latePerMille()) {
                long back = (long) (year.random.nextDouble() * LATE_DAYS * DAY_MINUTES);
                year.ingest(stream.partitionAt(Math.max(0, minute - back)), minute);
            }
            if (minute % COMPACT_EVERY_MINUTES == COMPACT_EVERY_MINUTES - 1) {
                year.compact(minute);
            }
        }
        return new Result(
                stream,
                year.ingested,
                (double) year.written / year.ingested,
                year.partitions.values().stream().mapToLong(p -> p.files.size()).sum(),
                year.mostFiles,
                year.worstTimesIdeal);
    }

    private void ingest(long key, long minute) {
        Partition partition = partitions.computeIfAbsent(Long.toString(key), k -> new Partition(key));
        // Minutes differ: from half to one and a half of the mean.
        long bytes = Math.max(1, Math.round(stream.fileBytes() * (0.5 + random.nextDouble())));
        partition.files.add(new LakeFile(partition.name, "i" + number++, 1, 0, bytes));
        partition.ingestedAt = minute;
        partition.changed(minute);
        ingested += bytes;
    }

    /** As the compactor does it: until nothing is worth a merge. */
    private void compact(long minute) {
        List<PlannedMerge> merges;
        do {
            Instant now = BEGIN.plus(Duration.ofMinutes(minute));
            List<PartitionState> states =
                    partitions.values().stream().map(Partition::state).toList();
            merges = planner.plan(
                    planner.worthALook(states, now).stream()
                            .map(state -> new PartitionFiles(state, partitions.get(state.partition()).files))
                            .toList(),
                    now);
            merges.forEach(merge -> merge(partitions.get(merge.partition()), merge, minute));
        } while (!merges.isEmpty());
        for (Partition partition : partitions.values()) {
            mostFiles = Math.max(mostFiles, partition.files.size());
            if (minute - partition.ingestedAt >= DAY_MINUTES) {
                worstTimesIdeal = Math.max(worstTimesIdeal, partition.timesIdeal());
            }
        }
    }

    private void merge(Partition partition, PlannedMerge merge, long minute) {
        partition.files.removeAll(Set.copyOf(merge.inputs()));
        partition.files.add(new LakeFile(partition.name, "m" + number++, merge.inputRows(), 0, merge.outputBytes()));
        partition.changed(minute);
        written += merge.outputBytes();
    }
}
