package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.StatementException;
import dev.millrace.lake.UnregisteredFiles;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.WriteMode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the batches of one run and commits them, down to the single file that can't be loaded. Belongs to the run's thread. */
final class BatchLoader {
    /** Somebody who changes the dataset all the time is given way to this often. */
    private static final int MAX_CHANGES_MEANWHILE = 50;

    private static final Logger LOG = LoggerFactory.getLogger(BatchLoader.class);

    private record Size(int files, long bytes) {}

    private final IngestTask task;
    private final BatchCommitter committer;
    private final Refusals refusals;
    private final CommitTally tally;
    private final Set<String> triedOnAFreshEngine = new HashSet<>();

    BatchLoader(IngestTask task, BatchCommitter committer, Refusals refusals, CommitTally tally) {
        this.task = task;
        this.committer = committer;
        this.refusals = refusals;
        this.tally = tally;
    }

    /** @param files of the dataset as it is now */
    void load(Batch batch, DatasetFiles files) {
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
                    () -> new UpsertExchange(task.session(), task.contract(), files)
                            .run(change, task.run().runId(), task.clock().instant()));
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
        return task.contract().mode() instanceof WriteMode.Upsert upsert
                ? new UpsertWriter(task.environment(), task.contract(), upsert, files, task.targetFileBytes())
                        .write(batch, batchId)
                : new LakeFileWriter(task.environment(), task.contract(), files).write(batch, batchId);
    }

    private void commit(Batch batch, String batchId, Size lakeFiles, DatasetFiles files, Runnable change) {
        task.listener().written(task.dataset(), batchId, batch.files().size(), lakeFiles.files(), batch.rows());
        CommitRetry.Outcome<Lease> commit;
        try {
            commit = committer.commit(task.run(), batchId, batch, change);
        } catch (UnregisteredException e) {
            new UnregisteredFiles(task.session(), task.environment().lakeData()).remove(files, batchId);
            divide(batch, e.refusal(), files);
            return;
        }
        tally.add(new RunCounts(batch.files().size(), batch.rows(), lakeFiles.bytes(), 0, 1), batchId, commit);
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
            task.session().reconnect();
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
}
