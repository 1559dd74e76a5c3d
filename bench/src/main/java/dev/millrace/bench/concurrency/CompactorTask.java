package dev.millrace.bench.concurrency;

import dev.millrace.bench.oracle.EventRows;
import dev.millrace.compactor.Budget;
import dev.millrace.compactor.CompactEnvironment;
import dev.millrace.compactor.CompactResult;
import dev.millrace.compactor.Compactor;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.compactor.SnapshotExpiry;
import dev.millrace.compactor.SnapshotRetention;
import dev.millrace.ingester.StagingSweep;
import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** Merges, expires, cleans and sweeps every so often, with times that make it delete within a run of minutes. */
final class CompactorTask extends LakeTask {
    static final long TARGET_FILE_BYTES = 32_000_000;

    /** Longer than any query of the readers that is not a long one. */
    private static final Duration SHORTEST_RETENTION = Duration.ofSeconds(5);

    private final Site site;
    private final Account account;
    private final Clock clock;
    private final LeasedRun.Terms terms;
    private final Duration retention;

    CompactorTask(Pace pace, Site site, Account account, Signals signals, Clock clock) {
        super(site, SessionOptions.Access.WRITE, account, signals, pace);
        this.site = site;
        this.account = account;
        this.clock = clock;
        this.terms = new LeasedRun.Terms(
                Activity.COMPACT, Worker.current(), Duration.ofMillis(pace.leaseMillis()), clock, CommitRetry.STANDARD);
        Duration every = Duration.ofMillis(pace.everyMillis());
        Duration longRead = Duration.ofMillis(pace.others().longReadMillis());
        this.retention = Collections.max(List.of(every, SHORTEST_RETENTION, longRead.plus(SHORTEST_RETENTION)));
    }

    @Override
    boolean pass(LakeSession lake) {
        MergePolicy policy = new MergePolicy(TARGET_FILE_BYTES, retention, MergePolicy.Extent.WORTHWHILE);
        CompactResult result = new Compactor(
                        new CompactEnvironment(lake, site.lakeData(), terms), policy, Budget.UNLIMITED)
                .compact(EventRows.contract());
        if (result instanceof CompactResult.Done done) {
            account.transaction(done.longestTransaction());
        } else {
            account.refused();
        }
        SnapshotRetention snapshots = new SnapshotRetention(retention, Integer.MAX_VALUE, retention);
        new SnapshotExpiry(lake, snapshots, clock, CommitRetry.STANDARD).run(List.of(EventRows.DATASET));
        new StagingSweep(lake, site.staging(), retention, clock).run(EventRows.DATASET);
        return false;
    }

    @Override
    boolean drains() {
        return false;
    }
}
