package dev.millrace.compactor;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.lake.AbandonedFiles;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.CompactionStep;
import dev.millrace.lake.CompactionSteps;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.StatementException;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.storage.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts one file in the place of several, for some partitions at once: writes the merged files outside of any transaction,
 * then exchanges them in a short one, under the lease's token and with the rows counted.
 *
 * <p>Not by the engine's own merge, which takes the old files' rows out of the catalog: on SQLite a reader whose scan of
 * the catalog meets that commit sees neither the old files nor the new one, and counts too few rows without an error
 * (measured, DuckLake d8a1881e with sqlite_scanner 1.5.5). Here the old files only end, as deleted rows do, so that a reader
 * of an older snapshot finds them whenever it looks.
 */
final class MergeStep {
    private static final String ROWS_OF_FILES = "SELECT %s FROM %s WHERE %s";
    private static final String COUNT_ROWS = "SELECT count(*) FROM %s WHERE %s";
    private static final String END_FILES = "DELETE FROM %s WHERE %s";
    private static final String OF_FILES = "filename IN (%s)";

    /** Rows that are inlined later come under the same name: they are none of those that were written. */
    private static final String NO_LATER_THAN = " AND snapshot_id <= %d";

    private static final String NEWEST_SNAPSHOT = "SELECT id FROM lake.current_snapshot()";

    private static final String MESSAGE = "CALL lake.set_commit_message('millrace', ?, extra_info => ?)";

    /** A megabyte a second is so many bytes a millisecond. */
    private static final long BYTES_A_MILLI = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(MergeStep.class);

    private final LakeSession session;
    private final ObjectStore lakeData;
    private final Clock clock;
    private final Contract contract;
    private final DatasetTable table;
    private final DatasetFiles files;

    MergeStep(CompactEnvironment environment, Contract contract, long targetFileBytes) {
        this.session = environment.session();
        this.lakeData = environment.lakeData();
        this.clock = environment.terms().clock();
        this.contract = contract;
        this.table = new DatasetTable(session, contract.dataset());
        // A merge is one file: it ends where its inputs do, a little above the target at most.
        this.files = new DatasetFiles(session, contract, 2 * targetFileBytes);
    }

    /** What one step takes and what it has written. */
    private record Exchange(
            String id, Instant begun, List<PlannedMerge> merges, String inputs, List<WrittenFile> written) {
        long rows() {
            return merges.stream().mapToLong(PlannedMerge::inputRows).sum();
        }

        private CompactionStep.ChangedRows changedByOthers() {
            List<LakeFile> files =
                    merges.stream().flatMap(merge -> merge.inputs().stream()).toList();
            return new CompactionStep.ChangedRows(
                    files.stream().mapToLong(LakeFile::deletedRows).sum(),
                    files.stream()
                            .filter(LakeFile::isForeign)
                            .mapToLong(file -> file.rows() + file.deletedRows())
                            .sum());
        }

        List<String> outputs() {
            return written.stream().map(WrittenFile::path).toList();
        }

        CompactionStep record(LeasedRun run, Contract contract, Instant now) {
            CompactPlan.Load load = CompactPlan.Load.of(merges);
            return new CompactionStep(
                    id,
                    run.runId(),
                    contract.dataset(),
                    merges.get(0).action().name().toLowerCase(Locale.ROOT),
                    new CompactionStep.Files(load.files(), load.bytes()),
                    new CompactionStep.Files(
                            written.size(),
                            written.stream().mapToLong(WrittenFile::bytes).sum()),
                    rows(),
                    changedByOthers(),
                    now,
                    Duration.between(begun, now));
        }
    }

    /**
     * Merges.
     *
     * @throws ChangedMeanwhileException when rows of the inputs were deleted since they were planned, or inlined; nothing was
     *     changed
     * @throws RowCountException when the dataset would have had another number of rows; nothing was changed
     * @throws MemoryException when the engine can't hold so much at once; nothing was changed
     */
    CommitRetry.Outcome<Lease> run(LeasedRun run, List<PlannedMerge> merges) {
        try {
            return mergeAtOnce(run, merges);
        } catch (StatementException e) {
            if (!e.tellsOfMemory()) {
                throw e;
            }
            CompactPlan.Load load = CompactPlan.Load.of(merges);
            throw new MemoryException(contract.dataset(), load.files(), load.bytes(), e);
        }
    }

    private CommitRetry.Outcome<Lease> mergeAtOnce(LeasedRun run, List<PlannedMerge> merges) {
        Instant begun = clock.instant();
        String inputs =
                inputs(merges.stream().flatMap(merge -> merge.inputs().stream()).toList());
        String id = BatchId.next().toString();
        Exchange exchange = new Exchange(id, begun, merges, inputs, write(inputs, id));
        requireRows(
                exchange.rows(),
                exchange.written().stream().mapToLong(WrittenFile::rows).sum());
        return exchange(run, exchange);
    }

    /** The condition for the rows of the inputs. */
    private String inputs(List<LakeFile> inputs) {
        String condition = ofFiles(inputs.stream()
                .map(file -> file.isInlined() ? file.path() : files.folder() + file.path())
                .toList());
        return condition
                + (inputs.stream().anyMatch(LakeFile::isInlined)
                        ? NO_LATER_THAN.formatted(session.queryLong(NEWEST_SNAPSHOT))
                        : partitions(inputs.stream().map(LakeFile::partition).toList()));
    }

    private String partitions(Collection<String> partitions) {
        return PartitionCondition.of(contract, partitions);
    }

    private static String ofFiles(List<String> paths) {
        return OF_FILES.formatted(paths.stream().map(SqlText::literal).collect(Collectors.joining(", ")));
    }

    private CommitRetry.Outcome<Lease> exchange(LeasedRun run, Exchange exchange) {
        CompactionSteps steps = new CompactionSteps(session);
        CompactionStep record = exchange.record(run, contract, clock.instant());
        CommitRetry.Outcome<Lease> outcome = run.commit(
                "dataset '" + contract.dataset() + "': merging files",
                () -> {
                    Lease raised = run.raiseToken();
                    Failpoint.BEFORE_END_FILES.pass();
                    long ended = session.update(END_FILES.formatted(table.sqlName(), exchange.inputs()));
                    requireRows(exchange.rows(), ended);
                    Failpoint.AFTER_END_FILES.pass();
                    files.register(exchange.outputs());
                    // Of these files only: beside uncommitted deletes the engine counts by reading every file of the
                    // dataset.
                    long registered = rowsOf(exchange);
                    if (ended != registered) {
                        throw new RowCountException(
                                contract.dataset(),
                                "merging " + record.before().count() + " files",
                                RowCountException.Step.UNDONE,
                                ended,
                                registered);
                    }
                    steps.insert(record);
                    session.execute(
                            MESSAGE,
                            record.action() + " " + contract.dataset() + ": "
                                    + record.before().count() + " files into "
                                    + record.after().count(),
                            "{\"run\":\"" + run.runId() + "\",\"step\":\"" + record.stepId() + "\"}");
                    return raised;
                },
                () -> steps.has(record.stepId()) ? Optional.of(run.reread()) : Optional.empty());
        run.raised(outcome.value());
        LOG.info(
                "dataset '{}': {} of {} files ({} bytes) into {} ({} bytes), {} rows before and after, {} ms, {} MB/s",
                contract.dataset(),
                record.action(),
                record.before().count(),
                record.before().bytes(),
                record.after().count(),
                record.after().bytes(),
                record.rows(),
                record.elapsed().toMillis(),
                record.before().bytes()
                        / BYTES_A_MILLI
                        / Math.max(1, record.elapsed().toMillis()));
        return outcome;
    }

    private List<WrittenFile> write(String inputs, String step) {
        String select = ROWS_OF_FILES.formatted(files.selectList(), table.sqlName(), inputs);
        List<WrittenFile> written;
        try {
            written = files.write(select, step);
        } catch (StatementException e) {
            new AbandonedFiles(session, lakeData).remove(files.folder(), step);
            throw e;
        }
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

    private long rowsOf(Exchange exchange) {
        List<String> paths = exchange.outputs();
        String partitions = partitions(
                exchange.merges().stream().map(PlannedMerge::partition).toList());
        return paths.isEmpty()
                ? 0
                : session.queryLong(COUNT_ROWS.formatted(table.sqlName(), ofFiles(paths) + partitions));
    }
}
