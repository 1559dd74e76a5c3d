package dev.millrace.ingester;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.ingester.WriteOutcome.Written;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.Ledger;
import dev.millrace.lake.LedgerEntry;
import dev.millrace.lake.StatementException;
import dev.millrace.schemas.DatasetName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Owns the catalog transactions of an ingest: short, metadata only, each under the lease's token. */
final class BatchCommitter {
    private static final String MESSAGE = "CALL lake.set_commit_message('millrace', ?, extra_info => ?)";

    private final LakeSession session;
    private final DatasetName dataset;
    private final LeasedRun.Terms terms;

    BatchCommitter(IngestEnvironment environment, DatasetName dataset) {
        this.session = environment.session();
        this.terms = environment.terms();
        this.dataset = dataset;
    }

    /**
     * Brings a written batch into the lake and its files into the ledger.
     *
     * @param change what becomes of the lake's files, inside of the transaction
     * @throws UnregisteredException when the lake refuses the values that were written; nothing was changed
     */
    CommitRetry.Outcome<Lease> commit(LeasedRun run, String batchId, Batch batch, Runnable change) {
        List<LedgerEntry> entries = batch.files().stream()
                .map(f -> new LedgerEntry(
                        dataset,
                        identity(f.file(), Optional.empty()),
                        f.footer().rows(),
                        f.footer().rowHash(),
                        Optional.empty()))
                .toList();
        List<String> refusedBefore =
                refusedBefore(batch.files().stream().map(f -> f.file()).toList());
        ObjectNode info = info(run, batchId).put("files", entries.size()).put("rows", batch.rows());
        return transact(
                run, "committing batch " + batchId, () -> new Ledger(session).hasBatch(dataset, batchId), () -> {
                    change.run();
                    new Ledger(session).forgetRefused(dataset, refusedBefore);
                    new Ledger(session)
                            .insert(dataset, batchId, run.runId(), terms.clock().instant(), entries);
                    session.execute(
                            MESSAGE,
                            "ingest " + dataset + ": " + batch.rows() + " rows of " + entries.size() + " staged files",
                            info.toString());
                });
    }

    /**
     * The change that makes written files a part of the dataset.
     *
     * @throws UnregisteredException as {@link #commit}
     */
    static void register(Written written, DatasetFiles files) {
        try {
            files.register(written.lakeFiles());
        } catch (StatementException e) {
            if (e.tellsOfValues()) {
                throw new UnregisteredException(e);
            }
            throw e;
        }
    }

    /**
     * Records refused files.
     *
     * @param footerIds of those that have a readable footer, by key
     */
    CommitRetry.Outcome<Lease> quarantine(
            LeasedRun run, String batchId, List<Refused> refused, Map<String, String> footerIds) {
        List<LedgerEntry> entries = refused.stream()
                .map(r -> new LedgerEntry(
                        dataset,
                        identity(
                                r.file(),
                                Optional.ofNullable(footerIds.get(r.file().key()))),
                        0,
                        Optional.empty(),
                        Optional.of(r.quarantine())))
                .toList();
        List<String> refusedBefore =
                refusedBefore(refused.stream().map(r -> r.file()).toList());
        return transact(
                run,
                "quarantining " + refused.size() + " files",
                () -> new Ledger(session).hasBatch(dataset, batchId),
                () -> {
                    new Ledger(session).forgetRefused(dataset, refusedBefore);
                    new Ledger(session)
                            .insert(dataset, batchId, run.runId(), terms.clock().instant(), entries);
                    session.execute(
                            MESSAGE,
                            "quarantine " + dataset + ": " + entries.size() + " staged files",
                            info(run, batchId)
                                    .put("quarantined", entries.size())
                                    .toString());
                });
    }

    private CommitRetry.Outcome<Lease> transact(
            LeasedRun run, String doing, Supplier<Boolean> hasHappened, Runnable statements) {
        CommitRetry.Outcome<Lease> outcome = run.commit(
                "dataset '" + dataset + "': " + doing,
                () -> {
                    Lease raised = run.raiseToken();
                    statements.run();
                    return raised;
                },
                () -> Stream.of(hasHappened.get())
                        .filter(happened -> happened)
                        .map(happened -> run.reread())
                        .findFirst());
        run.raised(outcome.value());
        return outcome;
    }

    private static LedgerEntry.Identity identity(StagedObject file, Optional<String> footerId) {
        return new LedgerEntry.Identity(file.key(), file.sizeBytes(), file.modifiedAt(), footerId);
    }

    private static List<String> refusedBefore(List<StagedObject> files) {
        return files.stream()
                .filter(file -> file.standing() != StagedObject.Standing.NEW)
                .map(StagedObject::key)
                .toList();
    }

    private static ObjectNode info(LeasedRun run, String batchId) {
        return JsonNodeFactory.instance.objectNode().put("run", run.runId()).put("batch", batchId);
    }
}
