package dev.millrace.cli.status;

import dev.millrace.compactor.DatasetState;
import dev.millrace.ingester.Backlog;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.HeldLease;
import dev.millrace.lake.LedgerSummary;
import dev.millrace.lake.RecentRuns;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a dataset stands at a moment.
 *
 * @param at the moment
 * @param size rows as a reader counts them, lake files and their bytes
 * @param newest the newest row
 * @param backlog staged files that wait
 * @param ledger with the quarantine by reason
 * @param files its lake files and the work of the next compaction, by the catalog's metadata
 * @param leases those that somebody holds
 * @param runs of each activity of late
 * @param lateAfter from when on a waiting file is late
 */
public record DatasetStatus(
        DatasetName dataset,
        Instant at,
        DatasetTable.Size size,
        Newest newest,
        Backlog backlog,
        LedgerSummary ledger,
        DatasetState files,
        List<HeldLease> leases,
        List<RecentRuns> runs,
        Duration lateAfter) {
    private static final String INGEST = "ingest";
    private static final Set<String> RECURRING = Set.of(INGEST, "compact", "sweep");

    /** What most needs a look. In the order of their weight. */
    public enum State {
        /** The last run of an activity failed or died. */
        FAILING,
        /** Files wait for too long. */
        LATE,
        /** The holder of a lease is gone, and nobody has taken over yet. */
        STUCK,
        /** Files were refused. */
        QUARANTINE,
        OK
    }

    /**
     * The newest row.
     *
     * @param eventColumn by which the contract tells when an event happened, if it does
     * @param eventAt the newest event; of a date its beginning
     * @param loadedAt when rows came last
     */
    public record Newest(Optional<String> eventColumn, Optional<Instant> eventAt, Optional<Instant> loadedAt) {
        /** The time of the newest event where that is known, else that of the last load. */
        public Optional<Instant> at() {
            return eventAt.or(() -> loadedAt);
        }
    }

    public DatasetStatus {
        leases = List.copyOf(leases);
        runs = List.copyOf(runs);
    }

    /** How old the newest row is; absent when there is none. Not negative: an event may be of today, or of tomorrow. */
    public Optional<Duration> lag() {
        return newest.at().map(this::age);
    }

    /** How long the oldest waiting file has waited. */
    public Optional<Duration> oldestWaiting() {
        return backlog.oldest().map(this::age);
    }

    /** How long an ingest takes for what waits, by the runs of the last hours; absent when nothing waits or none ran. */
    public Optional<Duration> drain() {
        return backlog.files() == 0
                ? Optional.empty()
                : of(INGEST).flatMap(run -> run.pace().timeFor(backlog.files()));
    }

    /** The runs of an activity. */
    public Optional<RecentRuns> of(String activity) {
        return runs.stream().filter(run -> run.activity().equals(activity)).findFirst();
    }

    /** The run that began last, of any activity. */
    public Optional<RecentRuns> lastRun() {
        return runs.stream()
                .max(Comparator.comparing((RecentRuns run) -> run.last().startedAt())
                        .thenComparing(run -> run.last().runId()));
    }

    public boolean isLate() {
        return oldestWaiting().filter(age -> age.compareTo(lateAfter) > 0).isPresent();
    }

    /**
     * Whether the last run of an activity failed, died, or is called running and is gone; for those that come again and again, and so will tell
     * when it is over.
     */
    public static boolean isFailing(RecentRuns runs) {
        boolean isWrong =
                switch (runs.last().outcome()) {
                    case FAILED, DIED -> true;
                    case RUNNING, SUCCEEDED, FENCED -> false;
                };
        return RECURRING.contains(runs.activity()) && (isWrong || runs.last().isKnownDead());
    }

    public static boolean isStuck(HeldLease lease, Instant at) {
        return lease.holder().isKnownDead() || lease.expiresAt().isBefore(at);
    }

    /** What most needs a look. */
    public State state() {
        if (runs.stream().anyMatch(DatasetStatus::isFailing)) {
            return State.FAILING;
        }
        if (isLate()) {
            return State.LATE;
        }
        if (leases.stream().anyMatch(lease -> isStuck(lease, at))) {
            return State.STUCK;
        }
        return ledger.quarantinedFiles() > 0 ? State.QUARANTINE : State.OK;
    }

    private Duration age(Instant then) {
        Duration age = Duration.between(then, at);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
