package dev.millrace.bench.kills;

import dev.millrace.bench.oracle.EventRows;
import dev.millrace.bench.oracle.Verdict;
import dev.millrace.compactor.Budget;
import dev.millrace.compactor.CompactEnvironment;
import dev.millrace.compactor.CompactResult;
import dev.millrace.compactor.Compactor;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.compactor.OrphanRemoval;
import dev.millrace.compactor.OrphanSettings;
import dev.millrace.compactor.Orphans;
import dev.millrace.compactor.SnapshotExpiry;
import dev.millrace.compactor.SnapshotRetention;
import dev.millrace.ingester.BatchLimits;
import dev.millrace.ingester.IngestEnvironment;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestResult;
import dev.millrace.ingester.IngestSettings;
import dev.millrace.ingester.Ingester;
import dev.millrace.ingester.StagingSweep;
import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * The pipeline's own ingester and compactor on one site, with limits so low that a few staged files take all of their
 * ways, and with no retention: all that may be deleted is deleted. Belongs to one thread at a time.
 */
final class Pipeline implements AutoCloseable {
    /** The lease of a run that nobody disturbs. */
    static final Duration LEASE = Duration.ofMinutes(1);

    /** Between the bytes of a small and of a large staged file. */
    private static final long TARGET_BYTES = 8_000;

    private static final IngestSettings INGEST =
            new IngestSettings(new BatchLimits(1_000_000, 2, 16), TARGET_BYTES, Duration.ZERO);
    private static final MergePolicy MERGE = new MergePolicy(TARGET_BYTES, Duration.ZERO, MergePolicy.Extent.FULL);
    private static final SnapshotRetention RETENTION =
            new SnapshotRetention(Duration.ZERO, Integer.MAX_VALUE, Duration.ZERO);

    /** All may go, at once. */
    private static final OrphanSettings ORPHANS = new OrphanSettings(Duration.ZERO, OrphanSettings.ALL, Duration.ZERO);

    private final Site site;
    private final LakeSession session;
    private final Clock clock;
    private final Worker worker = Worker.current();

    private Pipeline(Site site, LakeSession session, Clock clock) {
        this.site = site;
        this.session = session;
        this.clock = clock;
    }

    /** On a site that has no lake yet. */
    static Pipeline create(Site site, Clock clock) {
        return new Pipeline(site, site.create(), clock);
    }

    /** On a site that has its lake. */
    static Pipeline open(Site site, Clock clock) {
        return new Pipeline(site, site.session(SessionOptions.Access.WRITE), clock);
    }

    Site site() {
        return site;
    }

    LakeSession session() {
        return session;
    }

    /** Ingests what is staged. */
    IngestResult ingest(Duration lease) {
        return new Ingester(
                        new IngestEnvironment(session, site.staging(), site.lakeData(), terms(Activity.INGEST, lease)),
                        INGEST,
                        IngestListener.NONE)
                .ingest(site.datasetMode().contract());
    }

    /** Merges, expires, cleans, sweeps and removes orphans. */
    CompactResult compact() {
        CompactResult result = new Compactor(
                        new CompactEnvironment(session, site.lakeData(), terms(Activity.COMPACT, LEASE)),
                        MERGE,
                        Budget.UNLIMITED)
                .compact(site.datasetMode().contract());
        SnapshotExpiry expiry = new SnapshotExpiry(session, RETENTION, clock, CommitRetry.STANDARD);
        // What the first one expires is deleted by the second.
        expiry.run(List.of(EventRows.DATASET));
        expiry.run(List.of(EventRows.DATASET));
        new StagingSweep(session, site.staging(), Duration.ZERO, clock).run(EventRows.DATASET);
        orphanRemoval().run();
        return result;
    }

    /** Lake files that no snapshot knows, for whatever reason they are still there. */
    long orphans() {
        Orphans left = orphanRemoval().plan().orphans();
        return left.due().files() + left.young().files() + left.inFlight().files();
    }

    private OrphanRemoval orphanRemoval() {
        return new OrphanRemoval(
                new CompactEnvironment(session, site.lakeData(), terms(Activity.COMPACT, LEASE)), ORPHANS);
    }

    /** What is there now. */
    Verdict verdict() {
        return site.datasetMode().check(site, session);
    }

    private LeasedRun.Terms terms(Activity activity, Duration lease) {
        return new LeasedRun.Terms(activity, worker, lease, clock, CommitRetry.STANDARD);
    }

    /** Ends the session; the site stays. */
    @Override
    public void close() {
        session.close();
    }
}
