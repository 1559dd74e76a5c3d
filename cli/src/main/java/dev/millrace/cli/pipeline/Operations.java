package dev.millrace.cli.pipeline;

import dev.millrace.cli.config.Configuration;
import dev.millrace.compactor.Budget;
import dev.millrace.compactor.CompactEnvironment;
import dev.millrace.compactor.Compactor;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.compactor.OrphanRemoval;
import dev.millrace.compactor.OrphanSettings;
import dev.millrace.compactor.SnapshotExpiry;
import dev.millrace.compactor.SnapshotRetention;
import dev.millrace.ingester.BatchLimits;
import dev.millrace.ingester.FileLimits;
import dev.millrace.ingester.IngestEnvironment;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestSettings;
import dev.millrace.ingester.Ingester;
import dev.millrace.ingester.Quarantine;
import dev.millrace.ingester.StagingSweep;
import dev.millrace.ingester.audit.Audit;
import dev.millrace.ingester.migration.MigrationPlace;
import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.Pinning;
import dev.millrace.lake.RewritePlace;
import dev.millrace.lake.RunRetention;
import dev.millrace.lake.TransactionListener;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.Contract;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes what works on a lake: ingester, compactor and the others, each as the configuration says. Safe for many threads; what it makes
 * belongs to the thread of the session that it is made for.
 */
public final class Operations {
    private final Configuration configuration;
    private final Workspace workspace;
    private final Worker worker;
    private final Clock clock;
    private final TransactionListener transactions;

    Operations(
            Configuration configuration,
            Workspace workspace,
            Worker worker,
            Clock clock,
            TransactionListener transactions) {
        this.configuration = configuration;
        this.workspace = workspace;
        this.worker = worker;
        this.clock = clock;
        this.transactions = transactions;
    }

    /** Of runs by themselves. */
    public Ingester ingester(LakeSession session, IngestListener listener) {
        return ingester(session, listener, Optional.empty());
    }

    /**
     * As {@link #ingester(LakeSession, IngestListener)}, of an execution.
     *
     * @param execution that its runs belong to
     */
    public Ingester ingester(LakeSession session, IngestListener listener, Optional<Execution> execution) {
        Configuration.Ingest ingest = configuration.ingest();
        Configuration.StagedFileLimits limits = ingest.fileLimits();
        return new Ingester(
                new IngestEnvironment(
                        session,
                        workspace.staging(),
                        workspace.lakeData(),
                        terms(Activity.INGEST, ingest.lease(), execution)),
                new IngestSettings(
                        new BatchLimits(ingest.maxBatchBytes(), ingest.maxBatchFiles(), ingest.maxBatchPartitions()),
                        configuration.compact().targetFileBytes(),
                        ingest.settle(),
                        new FileLimits(
                                limits.footerBytes(),
                                limits.columns(),
                                limits.nesting(),
                                limits.rowGroupBytes(),
                                limits.rowGroupRows(),
                                limits.rows()),
                        ingest.checksums(),
                        ingest.maxRefused(),
                        ingest.maxWidenBytes()),
                listener);
    }

    /** On which a run takes the lease for ingests that is none. */
    public LeasedRun.Terms ingestTerms() {
        return terms(Activity.INGEST, configuration.ingest().lease(), Optional.empty());
    }

    /** Where rows of a dataset are written anew that gets a wider type. */
    public RewritePlace rewritePlace(Contract contract) {
        return new RewritePlace(
                workspace.lakeData(),
                contract.files().targetFileBytes(configuration.compact().targetFileBytes()));
    }

    /** As {@link #quarantine(LakeSession, Optional)}, of runs by themselves. */
    public Quarantine quarantine(LakeSession session) {
        return quarantine(session, Optional.empty());
    }

    /** What is decided on refused files; dropping them takes a user who may delete from the staging area. */
    public Quarantine quarantine(LakeSession session, Optional<Execution> execution) {
        return new Quarantine(new IngestEnvironment(
                session,
                workspace.staging(),
                workspace.lakeData(),
                terms(Activity.INGEST, configuration.ingest().lease(), execution)));
    }

    public Audit audit(LakeSession session) {
        return new Audit(session, workspace.staging());
    }

    /** Of runs by themselves. */
    public Compactor compactor(LakeSession session, MergePolicy.Extent extent) {
        return compactor(session, extent, Optional.empty());
    }

    /**
     * As {@link #compactor(LakeSession, MergePolicy.Extent)}, of an execution.
     *
     * @param execution that its runs belong to
     */
    public Compactor compactor(LakeSession session, MergePolicy.Extent extent, Optional<Execution> execution) {
        Configuration.CompactBudget budget = configuration.compact().budget();
        return new Compactor(
                new CompactEnvironment(
                        session,
                        workspace.lakeData(),
                        terms(Activity.COMPACT, configuration.compact().lease(), execution)),
                new MergePolicy(
                        configuration.compact().targetFileBytes(),
                        configuration.compact().quiet(),
                        extent),
                new Budget(budget.maxBytes(), budget.maxFiles(), budget.maxTime()));
    }

    public SnapshotExpiry expiry(LakeSession session) {
        Configuration.Compact compact = configuration.compact();
        SnapshotRetention retention =
                new SnapshotRetention(compact.keepSnapshots(), compact.maxSnapshots(), compact.grace());
        return new SnapshotExpiry(session, retention, clock, CommitRetry.STANDARD);
    }

    public OrphanRemoval orphanRemoval(LakeSession session, OrphanSettings settings, Optional<Execution> execution) {
        return new OrphanRemoval(
                new CompactEnvironment(
                        session,
                        workspace.lakeData(),
                        terms(Activity.COMPACT, configuration.compact().lease(), execution)),
                settings);
    }

    /** How the configuration has orphans removed. */
    public OrphanSettings orphanSettings() {
        Configuration.Orphans orphans = configuration.compact().orphans();
        return new OrphanSettings(orphans.age(), orphans.maxSharePercent(), orphans.every());
    }

    public Pinning pinning(LakeSession session) {
        return new Pinning(session, worker, clock, CommitRetry.STANDARD);
    }

    public StagingSweep sweep(LakeSession session) {
        return new StagingSweep(
                session, workspace.staging(), configuration.ingest().retainStaged(), clock);
    }

    /** One execution of a command, which records the runs that it comes to. */
    public Execution execution(String activity, Execution.Shape shape) {
        return new Execution(activity, shape, worker, clock, CommitRetry.STANDARD);
    }

    public RunRetention runRetention(LakeSession session) {
        return new RunRetention(session, configuration.keepRuns(), CommitRetry.STANDARD);
    }

    private LeasedRun.Terms terms(Activity activity, Duration lease, Optional<Execution> execution) {
        return new LeasedRun.Terms(activity, worker, lease, clock, CommitRetry.STANDARD, execution, transactions);
    }

    /** The workspace as one end of a migration. */
    public MigrationPlace place(LakeSession session) {
        return new MigrationPlace(
                session,
                workspace.staging(),
                workspace.lakeData(),
                terms(Activity.INGEST, configuration.ingest().lease(), Optional.empty()),
                terms(Activity.COMPACT, configuration.compact().lease(), Optional.empty()));
    }
}
