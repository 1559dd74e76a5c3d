package dev.millrace.compactor;

import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.DatasetName;
import java.util.UUID;

/**
 * One bounded merge in one transaction, with the rows counted before and after inside of it.
 *
 * <p>The engine writes the merged files within the transaction, and takes the catalog's write lock only for its commit.
 * The files that it replaces stay until they are cleaned. It allows no other change beside a merge (measured, DuckLake
 * d8a1881e), so the lease's token is looked at here and not raised; two merges of the same files conflict by themselves.
 */
final class MergeStep {
    private static final String MERGE = """
            SELECT coalesce(sum(files_processed), 0)::BIGINT, coalesce(sum(files_created), 0)::BIGINT
            FROM ducklake_merge_adjacent_files('lake', %s, schema => %s, max_compacted_files => %d)
            """;
    private static final String MESSAGE = "CALL lake.set_commit_message('millrace', ?, extra_info => ?)";

    private static final String SNAPSHOT = """
            SELECT true FROM lake.snapshots() WHERE commit_extra_info = ?
            """;

    /** What a step has merged. */
    record Merged(long inputFiles, long outputFiles) {}

    private final LakeSession session;
    private final DatasetName dataset;
    private final CommitRetry retry;

    MergeStep(LakeSession session, DatasetName dataset, CommitRetry retry) {
        this.session = session;
        this.dataset = dataset;
        this.retry = retry;
    }

    /**
     * Merges into {@code maxOutputFiles} files at most.
     *
     * @throws RowCountException when the number of rows would have changed
     */
    CommitRetry.Outcome<Merged> run(LeasedRun run, int maxOutputFiles) {
        String info = info(run);
        return retry.run(
                session,
                "dataset '" + dataset + "': merging files",
                () -> merge(run, maxOutputFiles, info),
                // How much an unclear step has merged, the catalog knows; that it has, is enough here.
                () -> session.queryOne(SNAPSHOT, row -> new Merged(0, 0), info));
    }

    private Merged merge(LeasedRun run, int maxOutputFiles, String info) {
        run.requireLease();
        long before = rows();
        Merged merged = session.queryOne(
                        MERGE.formatted(
                                SqlText.literal(dataset.table()), SqlText.literal(dataset.schema()), maxOutputFiles),
                        row -> new Merged(row.getLong(1), row.getLong(2)))
                .orElseThrow();
        long after = rows();
        if (before != after) {
            throw new RowCountException(dataset, "a merge", before, after);
        }
        session.execute(
                MESSAGE, "merge " + dataset + ": " + merged.inputFiles() + " files into " + merged.outputFiles(), info);
        return merged;
    }

    /** Names this very step, so that its snapshot can be found. */
    private static String info(LeasedRun run) {
        return "{\"run\":\"" + run.runId() + "\",\"step\":\"" + UUID.randomUUID() + "\"}";
    }

    private long rows() {
        return session.queryLong("SELECT count(*) FROM " + new DatasetTable(session, dataset).sqlName());
    }
}
