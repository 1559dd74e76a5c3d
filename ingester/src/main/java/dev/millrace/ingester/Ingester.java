package dev.millrace.ingester;

import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.DatasetModes;
import dev.millrace.lake.DatasetOptions;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.RunStart;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.WriteMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings the staged files of a dataset into the lake, each exactly once.
 *
 * <p>Not thread-safe; uses its session's thread. May be killed at any moment: what was committed stays, what was not is
 * taken up by the next ingest.
 */
public final class Ingester {
    private final IngestEnvironment environment;
    private final IngestSettings settings;
    private final IngestListener listener;

    public Ingester(IngestEnvironment environment, IngestSettings settings, IngestListener listener) {
        this.environment = environment;
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Ingests what is waiting now.
     *
     * @throws LakeException when the lake refuses; what was committed before stays, and the run is recorded as failed
     * @throws dev.millrace.storage.StorageException when staging can't be read
     */
    public IngestResult ingest(Contract contract) {
        DatasetName dataset = contract.dataset();
        StagingScan scan = new StagingScan(environment.session(), environment.staging(), dataset);
        scan.list();
        Backlog backlog = scan.subtractLedger();
        if (backlog.files() == 0) {
            return new IngestResult.Done(dataset, Optional.empty(), RunCounts.NONE, 0, 0);
        }
        if (scan.hasRefusedBefore()) {
            // The engine may still have of such a file what was there when it was refused.
            environment.session().reconnect();
        }
        new DatasetModes(environment.session()).require(contract);
        listener.listed(dataset, backlog);
        RunStart start = LeasedRun.begin(environment.session(), dataset, environment.terms());
        if (start instanceof RunStart.HeldByAnother held) {
            return new IngestResult.HeldByAnother(dataset, held.holder(), held.since(), held.until());
        }
        LeasedRun run = ((RunStart.Started) start).run();
        IngestPass pass = new IngestPass(new IngestTask(environment, settings, listener, contract, run));
        try {
            if (contract.mode() instanceof WriteMode.Upsert) {
                new DatasetOptions(environment.session(), dataset).endInlining();
            }
            // Only what the ledger says under the lease counts: another run may have been at work since the first look.
            pass.loadAll(scan);
            run.end(RunOutcome.SUCCEEDED, pass.counts(), Optional.empty());
            return new IngestResult.Done(
                    dataset, Optional.of(run.runId()), pass.counts(), run.retries(), pass.unsettledFiles());
        } catch (RuntimeException e) {
            run.endAfter(e, pass.counts());
            throw e;
        }
    }

    /** What is waiting now; changes nothing and works with a session that may only read. */
    public Backlog backlog(DatasetName dataset) {
        StagingScan scan = new StagingScan(environment.session(), environment.staging(), dataset);
        scan.list();
        return scan.subtractLedger();
    }

    /** Says what {@link #ingest} would do, and changes nothing. */
    public IngestPlan plan(Contract contract) {
        new DatasetModes(environment.session()).require(contract);
        StagingScan scan = new StagingScan(environment.session(), environment.staging(), contract.dataset());
        scan.list();
        Backlog backlog = scan.subtractLedger();
        FooterInspector inspector =
                inspector(contract, new DatasetContract(environment.session(), contract)::columnsRenamed);
        BatchPlanning planning = new BatchPlanning(environment.session(), contract, settings);
        List<PlannedBatch> batches = new ArrayList<>();
        List<IngestPlan.RefusedFile> refused = new ArrayList<>();
        long unsettled = 0;
        int windowFiles = settings.batchLimits().files();
        for (List<StagedObject> window = scan.nextWindow(windowFiles);
                !window.isEmpty();
                window = scan.nextWindow(windowFiles)) {
            Sorted sorted = Sorted.of(
                    inspector.inspect(window, environment.terms().clock().instant()));
            planning.plan(settings.batchLimits(), sorted.loadable()).forEach(batch -> batches.add(planned(batch)));
            sorted.refused()
                    .forEach(r -> refused.add(new IngestPlan.RefusedFile(
                            r.file().key(),
                            r.quarantine().reason().code(),
                            r.quarantine().message())));
            unsettled += sorted.unsettled().size();
        }
        return new IngestPlan(contract.dataset(), backlog, batches, refused, unsettled);
    }

    /** Says how the waiting files fit a contract that the dataset does not have yet, and changes nothing. */
    public WaitingFit fit(Contract contract) {
        StagingScan scan = new StagingScan(environment.session(), environment.staging(), contract.dataset());
        scan.list();
        Backlog backlog = scan.subtractLedger();
        List<LakeColumn> columns = new DatasetContract(environment.session(), contract).columnsApplied();
        FooterInspector inspector = inspector(contract, () -> columns);
        int windowFiles = settings.batchLimits().files();
        WaitingFit fit = WaitingFit.of(backlog.files());
        for (List<StagedObject> window = scan.nextWindow(windowFiles);
                !window.isEmpty();
                window = scan.nextWindow(windowFiles)) {
            fit = fit.plus(inspector.inspect(window, environment.terms().clock().instant()));
        }
        return fit;
    }

    private FooterInspector inspector(Contract contract, Supplier<List<LakeColumn>> table) {
        return new FooterInspector(environment.session(), environment.staging(), contract, table, settings);
    }

    private static PlannedBatch planned(Batch batch) {
        return new PlannedBatch(
                batch.files().size(),
                batch.rows(),
                batch.stagedBytes(),
                batch.way().name().toLowerCase(java.util.Locale.ROOT),
                batch.files().stream()
                        .map(f -> f.footer().partition())
                        .distinct()
                        .count(),
                batch.changes());
    }
}
