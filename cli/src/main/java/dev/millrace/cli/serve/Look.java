package dev.millrace.cli.serve;

import dev.millrace.ingester.Backlog;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.HeldLease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was seen of the lake and of the staging area at one time.
 *
 * @param at when it was begun
 * @param runs the newest, from the newest on
 * @param unneededFiles lake files that no snapshot names any more and that wait for their deletion
 */
record Look(
        Instant at,
        Duration took,
        List<Dataset> datasets,
        List<HeldLease> leases,
        List<Run> runs,
        Snapshots snapshots,
        long unneededFiles,
        List<Disk> disks) {
    Look {
        datasets = List.copyOf(datasets);
        leases = List.copyOf(leases);
        runs = List.copyOf(runs);
        disks = List.copyOf(disks);
    }

    /**
     * One dataset.
     *
     * @param sizes lake files by their size
     * @param lastLoaded when rows came into the lake last
     * @param merge what the next compaction would read
     */
    record Dataset(
            String name,
            DatasetTable.Size size,
            FileSizes sizes,
            Backlog waiting,
            Quarantine quarantine,
            Optional<Instant> lastLoaded,
            Merge merge) {}

    /** Numbers of lake files below 1 MB, 16 MB, 64 MB, 256 MB, and above. */
    record FileSizes(long below1Mb, long below16Mb, long below64Mb, long below256Mb, long larger) {}

    /** Lake files and their bytes that are worth a merge. */
    record Merge(long files, long bytes) {}

    /**
     * Refused files.
     *
     * @param byReason how many
     * @param newest some of them, from the newest on
     */
    record Quarantine(Map<String, Long> byReason, List<RefusedFile> newest) {
        Quarantine {
            byReason = Map.copyOf(byReason);
            newest = List.copyOf(newest);
        }

        long files() {
            return byReason.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** A refused file and why. */
    record RefusedFile(String stagedKey, String reason, String message, Instant decidedAt) {}

    /**
     * A row of the run table.
     *
     * @param dataset empty for what works on the whole lake
     * @param endedAt absent while it runs
     */
    record Run(
            String id,
            String activity,
            String dataset,
            Instant startedAt,
            Optional<Instant> endedAt,
            String outcome,
            long files,
            long rows,
            Optional<String> error) {}

    /**
     * The snapshots that can be read.
     *
     * @param newest some of them, from the newest on
     */
    record Snapshots(long count, Optional<Instant> oldest, List<Snapshot> newest) {
        Snapshots {
            newest = List.copyOf(newest);
        }
    }

    /** A snapshot and what it was committed with. */
    record Snapshot(long id, Instant at, String author, String message) {}

    /**
     * A file system that something local of the pipeline lies on.
     *
     * @param place the first of the places on it
     */
    record Disk(String place, long usableBytes, long totalBytes) {}
}
