package dev.millrace.ingester;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.lake.CompactionStep;
import dev.millrace.lake.CompactionSteps;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeFileName;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.UpsertedBatch;
import dev.millrace.lake.UpsertedBatches;
import dev.millrace.schemas.Contract;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * Brings the files of an upsert into the lake, inside of the caller's transaction: those that held a replaced row end, as when all of
 * their rows are deleted, and those that were written take their place.
 *
 * <p>Who deleted, inserted or merged since the rows were looked up is seen here; who does so while this transaction is under way is seen by the
 * engine at the COMMIT, since the transaction registers files and ends others.
 */
final class UpsertExchange {
    private static final String END_FILES = "DELETE FROM %s WHERE %s";
    private static final String END_DELETED_KEYS = "DELETE FROM %s";

    private static final String WRITERS_SINCE = """
            SELECT coalesce(regexp_extract(path, ?, 1), '') FROM __ducklake_metadata_lake.ducklake_data_file
            WHERE table_id = ? AND begin_snapshot > ? AND end_snapshot IS NULL
            """;
    private static final String OTHER_WRITERS = """
            SELECT count(*) FROM (SELECT unnest(?::VARCHAR[]) AS writer)
            WHERE writer NOT IN (SELECT step_id FROM lake.millrace.step WHERE dataset || '' = ?)
            """;

    private final LakeSession session;
    private final Contract contract;
    private final DatasetFiles files;

    UpsertExchange(LakeSession session, Contract contract, DatasetFiles files) {
        this.session = session;
        this.contract = contract;
        this.files = files;
    }

    /**
     * Exchanges.
     *
     * @throws LakeChangedException when another one has changed the dataset since the rows were looked up
     */
    void run(UpsertChange change, String runId, Instant now) {
        DatasetTable table = new DatasetTable(session, contract.dataset());
        if (change.rows().staged() > 0) {
            requireNothingAdded(table, change.snapshot());
        }
        List<TouchedFile> ended = change.ended();
        if (!ended.isEmpty()) {
            Failpoint.BEFORE_END_FILES.pass();
            end(
                    END_FILES.formatted(table.sqlName(), TouchedRows.of(contract, ended)),
                    ended.stream().mapToLong(TouchedFile::rows).sum());
            Failpoint.AFTER_END_FILES.pass();
        }
        files.register(paths(change.written()));
        change.deletedKeys().ifPresent(this::exchange);
        CompactionSteps steps = new CompactionSteps(session);
        change.rewrites().forEach(rewrite -> steps.insert(step(rewrite, runId, now)));
        new UpsertedBatches(session)
                .insert(new UpsertedBatch(
                        change.batchId(),
                        runId,
                        contract.dataset(),
                        change.rows(),
                        ended.size(),
                        change.rewrites().stream()
                                .mapToLong(UpsertChange.Rewrite::keptRows)
                                .sum(),
                        now));
    }

    private void exchange(UpsertChange.DeletedKeys change) {
        Contract deleted = contract.deletedKeys().orElseThrow();
        OptionalLong before = change.rowsBefore();
        if (before.isPresent()) {
            end(END_DELETED_KEYS.formatted(new DatasetTable(session, deleted.dataset()).sqlName()), before.getAsLong());
        }
        new DatasetFiles(session, deleted, 1).register(paths(change.files()));
    }

    private void end(String delete, long expected) {
        long rows = session.update(delete);
        if (rows != expected) {
            throw new LakeChangedException(
                    contract.dataset(),
                    "lake files with " + expected + " rows were to be exchanged, and " + rows
                            + " are found in them: somebody compacts, or deletes from, the dataset");
        }
    }

    /** What a compaction has added was there before, in other files; and those are not the ones that were looked up if they still are. */
    private void requireNothingAdded(DatasetTable table, long snapshot) {
        List<String> writers =
                session.query(WRITERS_SINCE, row -> row.getString(1), LakeFileName.WRITER, table.id(), snapshot);
        if (!writers.isEmpty()
                && session.queryLong(OTHER_WRITERS, writers, contract.dataset().toString()) > 0) {
            throw new LakeChangedException(contract.dataset(), "somebody has inserted rows");
        }
    }

    private CompactionStep step(UpsertChange.Rewrite rewrite, String runId, Instant now) {
        List<TouchedFile> before = rewrite.before();
        return new CompactionStep(
                rewrite.id(),
                runId,
                contract.dataset(),
                "upsert",
                new CompactionStep.Files(
                        before.size(),
                        before.stream().mapToLong(TouchedFile::bytes).sum()),
                new CompactionStep.Files(
                        rewrite.after().size(),
                        rewrite.after().stream().mapToLong(WrittenFile::bytes).sum()),
                rewrite.keptRows(),
                new CompactionStep.ChangedRows(
                        before.stream().mapToLong(TouchedFile::deletedRows).sum(),
                        before.stream()
                                .filter(TouchedFile::isForeign)
                                .mapToLong(file -> file.rows() + file.deletedRows())
                                .sum()),
                now,
                // It says nothing of how fast a compaction is.
                Duration.ZERO);
    }

    private static List<String> paths(Collection<WrittenFile> written) {
        return written.stream().map(WrittenFile::path).toList();
    }
}
