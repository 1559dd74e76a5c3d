package dev.millrace.cli.status;

import dev.millrace.cli.runs.RunEntry;
import dev.millrace.compactor.CompactPlan;
import dev.millrace.compactor.PartitionState;
import dev.millrace.lake.HeldLease;
import dev.millrace.lake.Ledger;
import dev.millrace.lake.RecentRuns;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a dataset stands, as it is printed; times are ISO-8601 in UTC.
 *
 * @param state what most needs a look: failing, late, stuck, quarantine or ok
 * @param newest the newest row; its {@code lagSeconds} count from the event where the contract has one, else from the last load
 * @param drainSeconds how long an ingest takes for what waits, by the runs of the last hours; null when that is not known
 * @param quarantined the files of the quarantine that were refused first, 1,000 at most; {@code quarantinedFiles} counts all
 * @param lastRun of any activity; null when there was none
 * @param failures of the last 24 hours, by activity
 */
public record StatusEntry(
        String dataset,
        String state,
        long rows,
        long files,
        long bytes,
        Newest newest,
        long waitingFiles,
        long waitingBytes,
        String oldestWaiting,
        Long oldestWaitingSeconds,
        Long drainSeconds,
        long quarantinedFiles,
        Map<String, Long> quarantinedByReason,
        List<QuarantinedFile> quarantined,
        Health health,
        NextCompaction nextCompaction,
        List<HeldBy> leases,
        LastRun lastRun,
        List<RunEntry> lastRuns,
        List<Failures> failures) {
    /** The newest row: {@code by} is event-time or load, or null with all else where there is none. */
    public record Newest(String by, String eventColumn, String eventAt, String loadedAt, Long lagSeconds) {}

    /** A refused file. */
    public record QuarantinedFile(String stagedKey, String reason, String message, String decidedAt) {}

    /** The lake files. {@code deletedShare} is from 0 to 1. */
    public record Health(
            long partitions, long smallFiles, long filesWithDeletes, double deletedShare, long inlinedRows) {}

    /** What a compaction would do now, and what it would leave for the one after. */
    public record NextCompaction(
            long merges, long inputFiles, long inputBytes, long estimatedSeconds, long leftFiles, long leftBytes) {}

    /** A lease that somebody holds; {@code stuck} when its holder is gone or its time is over. */
    public record HeldBy(String activity, String holder, String since, String until, int deaths, boolean stuck) {}

    /** How the last run ended. */
    public record LastRun(
            String run, String activity, String startedAt, String endedAt, String outcome, String error) {}

    /** How many runs of an activity did not succeed, and the last one of them; {@code over} when one has succeeded since. */
    public record Failures(String activity, long count, boolean over, RunEntry last) {}

    /**
     * The entry of a dataset.
     *
     * @param quarantined its refused files, the first ones where there are many
     */
    public static StatusEntry of(DatasetStatus status, List<Ledger.QuarantinedFile> quarantined) {
        PartitionState files = status.files().total();
        return new StatusEntry(
                status.dataset().toString(),
                word(status.state()),
                status.size().rows(),
                status.size().files(),
                status.size().bytes(),
                newest(status),
                status.backlog().files(),
                status.backlog().bytes(),
                text(status.backlog().oldest()),
                seconds(status.oldestWaiting()),
                seconds(status.drain()),
                status.ledger().quarantinedFiles(),
                new TreeMap<>(status.ledger().quarantined()),
                quarantined.stream()
                        .map(q -> new QuarantinedFile(
                                q.stagedKey(),
                                q.reason(),
                                q.message(),
                                q.decidedAt().toString()))
                        .toList(),
                new Health(
                        status.files().partitions().size(),
                        files.smallFiles(),
                        files.filesWithDeletes(),
                        files.deletedShare(),
                        status.files().inlinedRows()),
                compaction(status.files().plan()),
                status.leases().stream()
                        .map(lease -> heldBy(lease, status.at()))
                        .toList(),
                status.lastRun().map(StatusEntry::lastRun).orElse(null),
                status.runs().stream().map(run -> RunEntry.of(run.last())).toList(),
                status.runs().stream()
                        .filter(run -> run.lastFailure().isPresent())
                        .map(StatusEntry::failures)
                        .toList());
    }

    private static Newest newest(DatasetStatus status) {
        DatasetStatus.Newest newest = status.newest();
        String by = newest.eventAt().map(at -> "event-time").orElse("load");
        return new Newest(
                newest.at().map(at -> by).orElse(null),
                newest.eventColumn().orElse(null),
                text(newest.eventAt()),
                text(newest.loadedAt()),
                seconds(status.lag()));
    }

    private static NextCompaction compaction(CompactPlan plan) {
        return new NextCompaction(
                plan.merges().size(),
                plan.load().files(),
                plan.load().bytes(),
                Math.max(plan.merges().isEmpty() ? 0 : 1, plan.estimate().toSeconds()),
                plan.leftLoad().files(),
                plan.leftLoad().bytes());
    }

    private static HeldBy heldBy(HeldLease lease, Instant at) {
        return new HeldBy(
                lease.activity().word(),
                lease.holder().toString(),
                lease.takenAt().toString(),
                lease.expiresAt().toString(),
                lease.deaths(),
                DatasetStatus.isStuck(lease, at));
    }

    private static LastRun lastRun(RecentRuns runs) {
        RunEntry run = RunEntry.of(runs.last());
        return new LastRun(run.run(), run.activity(), run.startedAt(), run.endedAt(), run.outcome(), run.error());
    }

    private static Failures failures(RecentRuns runs) {
        return new Failures(
                runs.activity(),
                runs.failures(),
                !DatasetStatus.isFailing(runs),
                RunEntry.of(runs.lastFailure().orElseThrow()));
    }

    private static String word(DatasetStatus.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String text(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }

    private static Long seconds(Optional<Duration> duration) {
        return duration.map(Duration::toSeconds).orElse(null);
    }
}
