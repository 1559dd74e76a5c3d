package dev.millrace.compactor;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.storage.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Puts one file in the place of several, for some partitions at once: writes the merged files outside of any transaction,
 * then exchanges them in a short one, under the lease's token and with the rows counted before and after.
 *
 * <p>Not by the engine's own merge, which takes the old files' rows out of the catalog: on SQLite a reader whose scan of
 * the catalog meets that commit sees neither the old files nor the new one, and counts too few rows without an error
 * (measured, DuckLake d8a1881e with sqlite_scanner 1.5.5). Here the old files only end, as deleted rows do, so that a reader
 * of an older snapshot finds them whenever it looks.
 */
final class MergeStep {
    private static final String ROWS_OF_FILES = "SELECT %s FROM %s WHERE filename IN (%s)";
    private static final String END_FILES = "DELETE FROM %s WHERE filename IN (%s)";
    private static final String MESSAGE = "CALL lake.set_commit_message('millrace', ?, extra_info => ?)";
    private static final String SNAPSHOT = "SELECT true FROM lake.snapshots() WHERE commit_extra_info = ?";

    private final LakeSession session;
    private final ObjectStore lakeData;
    private final Contract contract;
    private final DatasetFiles files;

    MergeStep(CompactEnvironment environment, Contract contract, long targetFileBytes) {
        this.session = environment.session();
        this.lakeData = environment.lakeData();
        this.contract = contract;
        // A merge is one file: it ends where its inputs do, a little above the target at most.
        this.files = new DatasetFiles(session, contract, 2 * targetFileBytes);
    }

    /**
     * Merges.
     *
     * @throws ChangedMeanwhileException when rows of the inputs were deleted since they were planned; nothing was changed
     * @throws RowCountException when the dataset would have had another number of rows; nothing was changed
     */
    CommitRetry.Outcome<Lease> run(LeasedRun run, List<PlannedMerge> merges) {
        DatasetTable table = new DatasetTable(session, contract.dataset());
        String folder = files.folder();
        String inputs = merges.stream()
                .flatMap(merge -> merge.inputs().stream())
                .map(file -> SqlText.literal(folder + file.path()))
                .collect(Collectors.joining(", "));
        long rows = merges.stream().mapToLong(PlannedMerge::inputRows).sum();
        String step = BatchId.next().toString();
        List<WrittenFile> written = write(table, inputs, step);
        requireRows(rows, written.stream().mapToLong(WrittenFile::rows).sum());
        long snapshot = newestSnapshot();
        try {
            return exchange(run, merges, new Exchange(table, inputs, rows, step, written));
        } catch (RowCountException e) {
            // On SQLite a transaction may see what others commit meanwhile, and is refused at its own commit: no
            // mistake.
            if (newestSnapshot() > snapshot) {
                throw new ChangedMeanwhileException(contract.dataset(), e.before(), e.after());
            }
            throw e;
        }
    }

    private record Exchange(DatasetTable table, String inputs, long rows, String step, List<WrittenFile> written) {}

    private CommitRetry.Outcome<Lease> exchange(LeasedRun run, List<PlannedMerge> merges, Exchange exchange) {
        DatasetTable table = exchange.table();
        String info = "{\"run\":\"" + run.runId() + "\",\"step\":\"" + exchange.step() + "\"}";
        CommitRetry.Outcome<Lease> outcome = run.commit(
                "dataset '" + contract.dataset() + "': merging files",
                () -> {
                    Lease raised = run.raiseToken();
                    long before = count(table);
                    Failpoint.BEFORE_END_FILES.pass();
                    requireRows(
                            exchange.rows(), session.update(END_FILES.formatted(table.sqlName(), exchange.inputs())));
                    Failpoint.AFTER_END_FILES.pass();
                    files.register(
                            exchange.written().stream().map(WrittenFile::path).toList());
                    long after = count(table);
                    if (before != after) {
                        throw new RowCountException(contract.dataset(), "a merge", before, after);
                    }
                    session.execute(
                            MESSAGE,
                            "merge " + contract.dataset() + ": "
                                    + merges.stream()
                                            .mapToInt(m -> m.inputs().size())
                                            .sum() + " files into "
                                    + exchange.written().size(),
                            info);
                    return raised;
                },
                () -> session.queryOne(SNAPSHOT, row -> true, info).flatMap(done -> Optional.of(run.reread())));
        run.raised(outcome.value());
        return outcome;
    }

    private List<WrittenFile> write(DatasetTable table, String inputs, String step) {
        String select = ROWS_OF_FILES.formatted(files.selectList(), table.sqlName(), inputs);
        List<WrittenFile> written = files.write(select, step);
        int root = session.address().dataPath().length();
        lakeData.makeDurable(
                written.stream().map(file -> file.path().substring(root)).toList());
        return written;
    }

    private void requireRows(long planned, long found) {
        if (planned != found) {
            throw new ChangedMeanwhileException(contract.dataset(), planned, found);
        }
    }

    private long newestSnapshot() {
        return session.queryLong("SELECT max(snapshot_id) FROM lake.snapshots()");
    }

    private long count(DatasetTable table) {
        return session.queryLong("SELECT count(*) FROM " + table.sqlName());
    }
}
