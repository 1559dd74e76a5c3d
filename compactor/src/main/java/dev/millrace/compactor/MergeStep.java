package dev.millrace.compactor;

import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.DatasetName;
import java.util.List;
import java.util.Optional;

/**
 * One bounded merge in one transaction, with the rows counted before and after inside of it.
 *
 * <p>The engine writes the merged files within the transaction, and takes the catalog's write lock only for its commit.
 * The files that it replaces stay until they are cleaned.
 */
final class MergeStep {
    private static final String MERGE = """
            SELECT coalesce(sum(files_processed), 0)::BIGINT, coalesce(sum(files_created), 0)::BIGINT
            FROM ducklake_merge_adjacent_files('lake', %s, schema => %s, max_compacted_files => %d)
            """;
    private static final String MESSAGE = "CALL lake.set_commit_message('millrace', ?, extra_info => ?)";

    /** What a step has merged. */
    record Merged(long inputFiles, long outputFiles, Lease lease) {}

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
        CommitRetry.Outcome<Merged> outcome = retry.run(
                session,
                "dataset '" + dataset + "': merging files",
                () -> merge(run, maxOutputFiles),
                () -> hasCommitted(run));
        run.raised(outcome.value().lease());
        return outcome;
    }

    private Merged merge(LeasedRun run, int maxOutputFiles) {
        Lease raised = run.raiseToken();
        long before = rows();
        List<Merged> merged = session.query(
                MERGE.formatted(SqlText.literal(dataset.table()), SqlText.literal(dataset.schema()), maxOutputFiles),
                row -> new Merged(row.getLong(1), row.getLong(2), raised));
        long after = rows();
        if (before != after) {
            throw new RowCountException(dataset, "a merge", before, after);
        }
        Merged sum = merged.get(0);
        session.execute(
                MESSAGE,
                "merge " + dataset + ": " + sum.inputFiles() + " files into " + sum.outputFiles(),
                "{\"run\":\"" + run.runId() + "\"}");
        return sum;
    }

    /** The token moved on by just this step when the step has committed; how much it merged, the catalog knows. */
    private Optional<Merged> hasCommitted(LeasedRun run) {
        Lease now = run.reread();
        return now.token() > run.lease().token() ? Optional.of(new Merged(0, 0, now)) : Optional.empty();
    }

    private long rows() {
        return session.queryLong("SELECT count(*) FROM " + new DatasetTable(session, dataset).sqlName());
    }
}
