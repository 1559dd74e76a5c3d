package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.lake.AbandonedFiles;
import dev.millrace.lake.ColumnChange;
import dev.millrace.lake.ColumnWidening;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetEvolution;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.Evolution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.lake.RewritePlace;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.StatementException;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.LakeType;
import dev.millrace.schemas.StagingKey;
import dev.millrace.schemas.WriteMode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run over the backlog of one dataset: window by window, inspect, plan, write, commit. */
final class IngestPass {
    /** Types whose value in a footer is exact and can be a part of a path. */
    private static final Set<LakeType> COPYABLE_PARTITION_TYPES =
            Set.of(LakeType.Scalar.DATE, LakeType.Scalar.INTEGER, LakeType.Scalar.BIGINT);

    /** Somebody who changes the dataset all the time is given way to this often. */
    private static final int MAX_CHANGES_MEANWHILE = 50;

    private static final Logger LOG = LoggerFactory.getLogger(IngestPass.class);

    private record Size(int files, long bytes) {}

    private final IngestEnvironment environment;
    private final IngestSettings settings;
    private final IngestListener listener;
    private final Contract contract;
    private final LeasedRun run;
    private final BatchCommitter committer;
    private RunCounts counts = RunCounts.NONE;
    private final Refusals refusals;
    private final Set<String> unsettled = new HashSet<>();
    private final Set<String> triedOnAFreshEngine = new HashSet<>();
    private final Map<ColumnChange, String> refusedChanges = new LinkedHashMap<>();

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
        this.refusals = new Refusals(contract.dataset(), settings.maxRefused(), this::quarantine);
    }

    RunCounts counts() {
        return counts;
    }

    long unsettledFiles() {
        return unsettled.size();
    }

    /** Decides on every listed file that the ledger does not know. */
    void loadAll(StagingScan scan) {
        Backlog backlog = scan.subtractLedger();
        listener.scanned(dataset(), backlog);
        DatasetTable table = new DatasetTable(environment.session(), dataset());
        FooterInspector inspector =
                new FooterInspector(environment.session(), environment.staging(), contract, table::columns, settings);
        List<ColumnChange> renames = table.renames(contract);
        if (!renames.isEmpty()) {
            evolve(DatasetEvolution.byContract(renames));
        }
        Care care = Care.after(run.lease().deaths(), settings.batchLimits());
        for (List<StagedObject> window = scan.nextWindow(care.windowFiles());
                !window.isEmpty();
                window = scan.nextWindow(care.windowFiles())) {
            // With a new engine the windows begin anew, and what is not settled comes again.
            List<StagedObject> toDecide = window.stream()
                    .filter(file -> !unsettled.contains(file.key()) && !refusals.isWithheld(file.key()))
                    .toList();
            if (care.isOnGuard()) {
                toDecide = withoutGuilty(toDecide);
            }
            Sorted sorted = inspect(inspector, toDecide);
            List<Evolution> changes = NeededChanges.inPlace(sorted.loadable());
            if (!changes.isEmpty()) {
                evolve(changes);
                // Two files may have brought a column of one name with two types: the second one does not fit now.
                sorted = inspect(inspector, toDecide);
            }
            List<Evolution> widenings = NeededChanges.widenings(sorted.loadable());
            if (!widenings.isEmpty()) {
                widen(widenings);
                sorted = inspect(inspector, toDecide);
            }
            listener.inspected(dataset(), window.size());
            sorted.unsettled().forEach(u -> unsettled.add(u.file().key()));
            refusals.found(sorted.refused());
            DatasetFiles files = new DatasetFiles(environment.session(), contract, targetFileBytes(contract, settings));
            plan(environment.session(), contract, settings, care.batchLimits(), sorted.loadable())
                    .forEach(batch -> load(batch, files));
            refusals.windowEnded();
            care = care.next();
        }
        refusals.ended();
    }

    /** Takes away, and quarantines, what ends or stalls a process that reads it. */
    private List<StagedObject> withoutGuilty(List<StagedObject> files) {
        Map<String, Quarantine> guilty = new SuspectTrial(environment.staging(), SuspectTrial.Limits.STANDARD)
                .guilty(files.stream()
                        .filter(file -> StagingKey.classify(file.key()) != StagingKey.Kind.UNSAFE)
                        .toList());
        refusals.found(files.stream()
                .filter(file -> guilty.containsKey(file.key()))
                .map(file -> new Refused(file, guilty.get(file.key())))
                .toList());
        return files.stream().filter(file -> !guilty.containsKey(file.key())).toList();
    }

    private Sorted inspect(FooterInspector inspector, List<StagedObject> window) {
        return Sorted.of(inspector.inspect(window, environment.terms().clock().instant()))
                .without(refusedChanges);
    }

    /** The batches that files are loaded in, in this order. */
    static List<Batch> plan(
            LakeSession session, Contract contract, IngestSettings settings, BatchLimits limits, List<Loadable> files) {
        return contract.mode() instanceof WriteMode.Upsert
                ? new ArrivalPlanner(limits).plan(files)
                : planner(session, contract, settings, limits).plan(files);
    }

    private static BatchPlanner planner(
            LakeSession session, Contract contract, IngestSettings settings, BatchLimits limits) {
        boolean canCopy = contract.columns().stream()
                .filter(c -> contract.partitionBy().contains(c.name()))
                .map(Column::type)
                .allMatch(COPYABLE_PARTITION_TYPES::contains);
        List<String> columns = new DatasetTable(session, contract.dataset())
                .columns().stream().map(c -> c.name() + " " + c.type()).toList();
        return new BatchPlanner(limits, canCopy ? targetFileBytes(contract, settings) : Long.MAX_VALUE, columns);
    }

    private void load(Batch batch, DatasetFiles files) {
        for (int attempt = 1; ; attempt++) {
            try {
                loadOnce(batch, files);
                return;
            } catch (LakeChangedException e) {
                if (attempt == MAX_CHANGES_MEANWHILE) {
                    throw e;
                }
                LOG.info("{}. Looking them up again.", e.getMessage());
            }
        }
    }

    private void loadOnce(Batch batch, DatasetFiles files) {
        String batchId = BatchId.next().toString();
        WriteOutcome outcome = write(batch, batchId, files);
        if (outcome instanceof WriteOutcome.FilesRefused bad) {
            refusals.foundWhileLoading(bad.refused());
            loadWithout(batch, bad.refused(), files);
        } else if (outcome instanceof WriteOutcome.ValuesRefused values) {
            divide(batch, values.cause(), files);
        } else if (outcome instanceof WriteOutcome.Upserted upserted) {
            UpsertChange change = upserted.change();
            commit(
                    batch,
                    batchId,
                    new Size(
                            change.written().size(),
                            change.written().stream()
                                    .mapToLong(DatasetFiles.WrittenFile::bytes)
                                    .sum()),
                    files,
                    () -> new UpsertExchange(environment.session(), contract, files)
                            .run(
                                    change,
                                    run.runId(),
                                    environment.terms().clock().instant()));
        } else {
            WriteOutcome.Written written = (WriteOutcome.Written) outcome;
            commit(
                    batch,
                    batchId,
                    new Size(written.lakeFiles().size(), written.bytes()),
                    files,
                    () -> BatchCommitter.register(written, files));
        }
    }

    private WriteOutcome write(Batch batch, String batchId, DatasetFiles files) {
        return contract.mode() instanceof WriteMode.Upsert upsert
                ? new UpsertWriter(environment, contract, upsert, files, targetFileBytes(contract, settings))
                        .write(batch, batchId)
                : new LakeFileWriter(environment, contract, files).write(batch, batchId);
    }

    private void commit(Batch batch, String batchId, Size lakeFiles, DatasetFiles files, Runnable change) {
        listener.written(dataset(), batchId, batch.files().size(), lakeFiles.files(), batch.rows());
        CommitRetry.Outcome<Lease> commit;
        try {
            commit = committer.commit(run, batchId, batch, change);
        } catch (UnregisteredException e) {
            new AbandonedFiles(environment.session(), environment.lakeData()).remove(files.folder(), batchId);
            divide(batch, e.refusal(), files);
            return;
        }
        count(new RunCounts(batch.files().size(), batch.rows(), lakeFiles.bytes(), 0, 1));
        listener.committed(dataset(), batchId, batch.rows(), commit.elapsed());
        refusals.loaded();
    }

    /** Loads the halves of a batch that the lake refuses, down to the file at fault. */
    private void divide(Batch batch, StatementException cause, DatasetFiles files) {
        List<Loadable> all = batch.files();
        if (all.size() > 1) {
            load(new Batch(batch.way(), all.subList(0, all.size() / 2)), files);
            load(new Batch(batch.way(), all.subList(all.size() / 2, all.size())), files);
            return;
        }
        StagedObject file = all.get(0).file();
        boolean isOfTheEngine = cause.tellsOfMemory() || cause.tellsOfFailedEngine();
        if (isOfTheEngine && triedOnAFreshEngine.add(file.key())) {
            environment.session().reconnect();
            load(batch, files);
            return;
        }
        refusals.foundWhileLoading(List.of(new Refused(
                file,
                new Quarantine(
                        FaultSearch.reasonOf(cause, QuarantineReason.INVALID_VALUES),
                        "it can be read, and the lake does not take its values: " + cause.firstLine()))));
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

    /** A change that the lake refuses is remembered, and the files that bring it are refused. */
    private void evolve(List<Evolution> changes) {
        CommitRetry.Outcome<Lease> commit;
        try {
            commit = new DatasetEvolution(environment.session(), dataset())
                    .commit(run, changes, environment.terms().clock());
        } catch (StatementException e) {
            if (!e.tellsOfValues() && !e.tellsOfType()) {
                throw e;
            }
            if (changes.size() > 1) {
                changes.forEach(change -> evolve(List.of(change)));
            } else {
                refusedChanges.put(changes.get(0).change(), e.firstLine());
            }
            return;
        }
        changes.forEach(change -> listener.evolved(dataset(), change.toString()));
        count(new RunCounts(0, 0, 0, 0, 1));
        listener.committed(dataset(), "", 0, commit.elapsed());
    }

    /** Where the rows can't be written anew by the way, the files that bring the wider types are refused. */
    private void widen(List<Evolution> widenings) {
        Optional<String> objection =
                ColumnWidening.objection(environment.session(), contract, settings.maxWidenBytes());
        if (objection.isPresent()) {
            widenings.forEach(evolution -> refusedChanges.put(evolution.change(), objection.orElseThrow()));
            return;
        }
        ColumnWidening widening = new ColumnWidening(
                environment.session(),
                contract,
                new RewritePlace(environment.lakeData(), targetFileBytes(contract, settings)),
                environment.terms().clock());
        CommitRetry.Outcome<Lease> commit =
                widening.run(run, widenings, done -> listener.rewritten(dataset(), done.rows(), done.bytes()));
        widenings.forEach(evolution -> listener.evolved(dataset(), evolution.toString()));
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
