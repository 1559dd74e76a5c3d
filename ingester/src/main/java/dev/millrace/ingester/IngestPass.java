package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.lake.ColumnChange;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetEvolution;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.Evolution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunCounts;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.LakeType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One run over the backlog of one dataset: window by window, inspect, plan, write, commit. */
final class IngestPass {
    /** Types whose value in a footer is exact and can be a part of a path. */
    private static final Set<LakeType> COPYABLE_PARTITION_TYPES =
            Set.of(LakeType.Scalar.DATE, LakeType.Scalar.INTEGER, LakeType.Scalar.BIGINT);

    private final IngestEnvironment environment;
    private final IngestSettings settings;
    private final IngestListener listener;
    private final Contract contract;
    private final LeasedRun run;
    private final BatchCommitter committer;
    private RunCounts counts = RunCounts.NONE;
    private long unsettledFiles;

    IngestPass(
            IngestEnvironment environment,
            IngestSettings settings,
            IngestListener listener,
            Contract contract,
            LeasedRun run) {
        this.environment = environment;
        this.settings = settings;
        this.listener = listener;
        this.contract = contract;
        this.run = run;
        this.committer = new BatchCommitter(environment, contract.dataset());
    }

    RunCounts counts() {
        return counts;
    }

    long unsettledFiles() {
        return unsettledFiles;
    }

    /** Decides on every listed file that the ledger does not know. */
    void loadAll(StagingScan scan) {
        Backlog backlog = scan.subtractLedger();
        listener.scanned(dataset(), backlog);
        DatasetTable table = new DatasetTable(environment.session(), dataset());
        FooterInspector inspector = new FooterInspector(
                environment.session(), environment.staging(), contract, table::columns, settings.settle());
        List<ColumnChange> renames = table.renames(contract);
        if (!renames.isEmpty()) {
            evolve(DatasetEvolution.byContract(renames));
        }
        Care care = Care.after(run.lease().deaths(), settings.batchLimits());
        for (List<StagedObject> window = scan.nextWindow(care.windowFiles());
                !window.isEmpty();
                window = scan.nextWindow(care.windowFiles())) {
            Sorted sorted = inspect(inspector, window);
            List<Evolution> changes = NeededChanges.of(sorted.loadable());
            if (!changes.isEmpty()) {
                evolve(changes);
                // Two files may have brought a column of one name with two types: the second one does not fit now.
                sorted = inspect(inspector, window);
            }
            listener.inspected(dataset(), window.size());
            unsettledFiles += sorted.unsettled().size();
            quarantine(sorted.refused());
            DatasetFiles files = new DatasetFiles(environment.session(), contract, targetFileBytes(contract, settings));
            planner(environment.session(), contract, settings, care.batchLimits())
                    .plan(sorted.loadable())
                    .forEach(batch -> load(batch, files));
            care = care.next();
        }
    }

    private Sorted inspect(FooterInspector inspector, List<StagedObject> window) {
        return Sorted.of(inspector.inspect(window, environment.terms().clock().instant()));
    }

    static BatchPlanner planner(LakeSession session, Contract contract, IngestSettings settings, BatchLimits limits) {
        boolean canCopy = contract.columns().stream()
                .filter(c -> contract.partitionBy().contains(c.name()))
                .map(Column::type)
                .allMatch(COPYABLE_PARTITION_TYPES::contains);
        List<String> columns = new DatasetTable(session, contract.dataset())
                .columns().stream().map(c -> c.name() + " " + c.type()).toList();
        return new BatchPlanner(limits, canCopy ? targetFileBytes(contract, settings) : Long.MAX_VALUE, columns);
    }

    private void load(Batch batch, DatasetFiles files) {
        String batchId = BatchId.next().toString();
        WriteOutcome outcome = new LakeFileWriter(environment, contract, files).write(batch, batchId);
        if (outcome instanceof WriteOutcome.FilesRefused bad) {
            quarantine(bad.refused());
            loadWithout(batch, bad.refused(), files);
            return;
        }
        WriteOutcome.Written written = (WriteOutcome.Written) outcome;
        listener.written(
                dataset(), batchId, batch.files().size(), written.lakeFiles().size(), written.rows());
        CommitRetry.Outcome<Lease> commit = committer.commit(run, batchId, batch, written, files);
        count(new RunCounts(batch.files().size(), written.rows(), written.bytes(), 0, 1));
        listener.committed(dataset(), batchId, written.rows(), commit.elapsed());
    }

    private void loadWithout(Batch batch, List<Refused> refused, DatasetFiles files) {
        Set<String> bad = new HashSet<>();
        refused.forEach(r -> bad.add(r.file().key()));
        List<Loadable> good = batch.files().stream()
                .filter(f -> !bad.contains(f.file().key()))
                .toList();
        if (!good.isEmpty()) {
            load(new Batch(batch.way(), good), files);
        }
    }

    private void quarantine(List<Refused> refused) {
        if (refused.isEmpty()) {
            return;
        }
        refused.forEach(r -> listener.refused(
                dataset(),
                r.file().key(),
                r.quarantine().reason().code(),
                r.quarantine().message()));
        String batchId = BatchId.next().toString();
        CommitRetry.Outcome<Lease> commit = committer.quarantine(
                run, batchId, refused, new FooterIds(environment.session(), environment.staging()).of(refused));
        count(new RunCounts(0, 0, 0, refused.size(), 1));
        listener.committed(dataset(), batchId, 0, commit.elapsed());
    }

    private void evolve(List<Evolution> changes) {
        CommitRetry.Outcome<Lease> commit = new DatasetEvolution(environment.session(), dataset())
                .commit(run, changes, environment.terms().clock());
        changes.forEach(change -> listener.evolved(dataset(), change.toString()));
        count(new RunCounts(0, 0, 0, 0, 1));
        listener.committed(dataset(), "", 0, commit.elapsed());
    }

    private void count(RunCounts more) {
        counts = counts.plus(more);
    }

    private DatasetName dataset() {
        return contract.dataset();
    }

    private static long targetFileBytes(Contract contract, IngestSettings settings) {
        return contract.files().targetFileBytes(settings.targetFileBytes());
    }
}
