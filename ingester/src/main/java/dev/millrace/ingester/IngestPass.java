package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.lake.ColumnChange;
import dev.millrace.lake.ColumnWidening;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.DatasetEvolution;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.Evolution;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.RewritePlace;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.StatementException;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.StagingKey;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One run over the backlog of one dataset: window by window, inspect, plan, write, commit. */
final class IngestPass {
    private final IngestTask task;
    private final BatchCommitter committer;
    private final CommitTally tally;
    private final Refusals refusals;
    private final BatchLoader loader;
    private final Set<String> unsettled = new HashSet<>();
    private final Map<ColumnChange, String> refusedChanges = new LinkedHashMap<>();

    IngestPass(IngestTask task) {
        this.task = task;
        this.committer = new BatchCommitter(task.environment(), task.dataset());
        this.tally = new CommitTally(task.dataset(), task.listener());
        this.refusals = new Refusals(task.dataset(), task.settings().maxRefused(), this::quarantine);
        this.loader = new BatchLoader(task, committer, refusals, tally);
    }

    RunCounts counts() {
        return tally.counts();
    }

    long unsettledFiles() {
        return unsettled.size();
    }

    /** Decides on every listed file that the ledger does not know. */
    void loadAll(StagingScan scan) {
        Backlog backlog = scan.subtractLedger();
        task.listener().scanned(task.dataset(), backlog);
        FooterInspector inspector = new FooterInspector(
                task.session(),
                task.environment().staging(),
                task.contract(),
                new DatasetTable(task.session(), task.dataset())::columns,
                task.settings());
        List<ColumnChange> renames = new DatasetContract(task.session(), task.contract()).renames();
        if (!renames.isEmpty()) {
            evolve(DatasetEvolution.byContract(renames));
        }
        BatchPlanning planning = new BatchPlanning(task.session(), task.contract(), task.settings());
        Care care = Care.after(task.run().lease().deaths(), task.settings().batchLimits());
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
            task.listener().inspected(task.dataset(), window.size());
            sorted.unsettled().forEach(u -> unsettled.add(u.file().key()));
            refusals.found(sorted.refused());
            DatasetFiles files = new DatasetFiles(task.session(), task.contract(), task.targetFileBytes());
            planning.plan(care.batchLimits(), sorted.loadable()).forEach(batch -> loader.load(batch, files));
            refusals.windowEnded();
            care = care.next();
        }
        refusals.ended();
    }

    /** Takes away, and quarantines, what ends or stalls a process that reads it. */
    private List<StagedObject> withoutGuilty(List<StagedObject> files) {
        Map<String, Quarantine> guilty = new SuspectTrial(task.environment().staging(), SuspectTrial.Limits.STANDARD)
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
        return Sorted.of(inspector.inspect(window, task.clock().instant())).without(refusedChanges);
    }

    private void quarantine(List<Refused> refused) {
        if (refused.isEmpty()) {
            return;
        }
        refused.forEach(r -> task.listener()
                .refused(
                        task.dataset(),
                        r.file().key(),
                        r.quarantine().reason().code(),
                        r.quarantine().message()));
        String batchId = BatchId.next().toString();
        CommitRetry.Outcome<Lease> commit = committer.quarantine(
                task.run(),
                batchId,
                refused,
                new FooterIds(task.session(), task.environment().staging()).of(refused));
        tally.add(new RunCounts(0, 0, 0, refused.size(), 1), batchId, commit);
    }

    /** A change that the lake refuses is remembered, and the files that bring it are refused. */
    private void evolve(List<Evolution> changes) {
        CommitRetry.Outcome<Lease> commit;
        try {
            commit = new DatasetEvolution(task.session(), task.dataset()).commit(task.run(), changes, task.clock());
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
        evolved(changes, commit);
    }

    /** Where the rows can't be written anew by the way, the files that bring the wider types are refused. */
    private void widen(List<Evolution> widenings) {
        Optional<String> objection = ColumnWidening.objection(
                task.session(), task.contract(), task.settings().maxWidenBytes());
        if (objection.isPresent()) {
            widenings.forEach(evolution -> refusedChanges.put(evolution.change(), objection.orElseThrow()));
            return;
        }
        ColumnWidening widening = new ColumnWidening(
                task.session(),
                task.contract(),
                new RewritePlace(task.environment().lakeData(), task.targetFileBytes()),
                task.clock());
        evolved(widenings, widening.run(task.run(), widenings, done -> task.listener()
                .rewritten(task.dataset(), done.rows(), done.bytes())));
    }

    private void evolved(List<Evolution> changes, CommitRetry.Outcome<Lease> commit) {
        changes.forEach(change -> task.listener().evolved(task.dataset(), change.toString()));
        tally.add(RunCounts.ONE_COMMIT, "", commit);
    }
}
