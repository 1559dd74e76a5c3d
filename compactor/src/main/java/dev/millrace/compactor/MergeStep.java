package dev.millrace.compactor;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.lake.AbandonedFiles;
import dev.millrace.lake.CatalogExchange;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.CompactionStep;
import dev.millrace.lake.CompactionSteps;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.ExchangeOutcome;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.LiveFiles;
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
 * Puts one file in the place of several, for some partitions at once, and again for others: writes the merged files outside of any transaction,
 * then exchanges them in a short one, under the lease's token and with the rows counted.
 *
 * <p>Not by the engine's own merge, which takes the old files' rows out of the catalog: on SQLite a reader whose scan of
 * the catalog meets that commit sees neither the old files nor the new one, and counts too few rows without an error
 * (measured, DuckLake d8a1881e with sqlite_scanner 1.5.5). Here the old files only end, as deleted rows do, so that a reader
 * of an older snapshot finds them whenever it looks.
 */
final class MergeStep {
    private static final String ROWS_OF_FILES = "SELECT %s FROM %s WHERE %s";

    /** A partition column is what the folder says, as it is to the engine that reads a registered file. */
    private static final String FILES_THEMSELVES = "SELECT %s FROM read_parquet(?, hive_partitioning = %s)";

    private static final String WITH_FOLDERS = "true, hive_types_autocast = false";

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

    /** By which hand files are exchanged. */
    enum Exchanging {
        /** Where that can be, and else as below. */
        IN_CATALOG,
        BY_ENGINE
    }

    private final LakeSession session;
    private final ObjectStore lakeData;
    private final Clock clock;
    private final Contract contract;
    private final DatasetTable table;
    private final Optional<CatalogExchange> catalog;
    private final DatasetFiles files;

    MergeStep(CompactEnvironment environment, Contract contract, long targetFileBytes) {
        this(environment, contract, targetFileBytes, Exchanging.IN_CATALOG);
    }

    MergeStep(CompactEnvironment environment, Contract contract, long targetFileBytes, Exchanging how) {
        this.session = environment.session();
        this.lakeData = environment.lakeData();
        this.clock = environment.terms().clock();
        this.contract = contract;
        this.table = new DatasetTable(session, contract.dataset());
        this.catalog =
                how == Exchanging.BY_ENGINE ? Optional.empty() : Optional.of(new CatalogExchange(session, table));
        // A merge is one file: it ends where its inputs do, a little above the target at most.
        this.files = new DatasetFiles(session, contract, 2 * targetFileBytes);
    }

    /** Whether files of which nothing is deleted are exchanged without the engine looking into them. */
    boolean isInCatalog() {
        return catalog.filter(CatalogExchange::isPossible).isPresent();
    }

    /** Whether it may do another step: it knows the columns that there are now, and how to exchange files without the engine. */
    boolean isUpToDate() {
        return catalog.filter(known -> known.isPossible() && known.isOfCurrentSchema())
                .isPresent();
    }

    /** What one step takes and what it has written. */
    private record Exchange(
            String id,
            Instant begun,
            List<PlannedMerge> merges,
            String inputs,
            Optional<LiveFiles> live,
            List<WrittenFile> written) {
        long rows() {
            return merges.stream().mapToLong(PlannedMerge::inputRows).sum();
        }

        List<LakeFile> inputFiles() {
            return merges.stream().flatMap(merge -> merge.inputs().stream()).toList();
        }

        private CompactionStep.ChangedRows changedByOthers() {
            List<LakeFile> files = inputFiles();
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
     * @throws ChangedMeanwhileException when rows of the inputs were deleted since they were planned, or inlined, or the dataset
     *     has other columns than this knows; nothing was changed
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
        List<LakeFile> files =
                merges.stream().flatMap(merge -> merge.inputs().stream()).toList();
        String inputs = inputs(files);
        Optional<LiveFiles> live = live(files);
        String id = BatchId.next().toString();
        Exchange exchange = new Exchange(id, begun, merges, inputs, live, write(files, inputs, live, id));
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
        CatalogExchange.Message message = new CatalogExchange.Message(
                record.action() + " " + contract.dataset() + ": "
                        + record.before().count() + " files into "
                        + record.after().count(),
                "{\"run\":\"" + run.runId() + "\",\"step\":\"" + record.stepId() + "\"}");
        Optional<CatalogExchange.Prepared> prepared = exchange.live()
                .flatMap(live -> catalog.flatMap(
                        known -> known.prepare(live, exchange.rows(), files.folder(), exchange.written())));
        CommitRetry.Outcome<Lease> outcome = run.commit(
                "dataset '" + contract.dataset() + "': merging files",
                () -> prepared.flatMap(known -> exchangeInCatalog(run, exchange, known, record, message))
                        .orElseGet(() -> exchangeByEngine(run, exchange, record, message)),
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

    /** Absent where the engine has to do all of it: files with deletes, rows that are inlined, columns or a catalog of another kind. */
    private Optional<LiveFiles> live(List<LakeFile> inputs) {
        return inputs.stream().allMatch(LakeFile::isWhole)
                ? catalog.flatMap(
                        known -> known.find(inputs.stream().map(LakeFile::path).toList()))
                : Optional.empty();
    }

    /** Absent where the engine has to do it. */
    private Optional<Lease> exchangeInCatalog(
            LeasedRun run,
            Exchange exchange,
            CatalogExchange.Prepared prepared,
            CompactionStep record,
            CatalogExchange.Message message) {
        ExchangeOutcome outcome = run.exchange(prepared, record, message);
        if (outcome instanceof ExchangeOutcome.Staged staged) {
            return Optional.of(staged.raised());
        }
        if (outcome instanceof ExchangeOutcome.InputsChanged changed) {
            throw ChangedMeanwhileException.rows(contract.dataset(), exchange.rows(), changed.rowsLeft());
        }
        if (outcome instanceof ExchangeOutcome.OutputsKnown known) {
            throw rowCount(record, exchange.rows(), exchange.rows() + known.rowsThere());
        }
        LOG.debug("dataset '{}': exchanged by the engine: {}", contract.dataset(), outcome);
        return Optional.empty();
    }

    private Lease exchangeByEngine(
            LeasedRun run, Exchange exchange, CompactionStep record, CatalogExchange.Message message) {
        if (!files.areOfCurrentColumns()) {
            throw ChangedMeanwhileException.columns(contract.dataset());
        }
        Lease raised = run.raiseToken();
        Failpoint.BEFORE_END_FILES.pass();
        long ended = session.update(END_FILES.formatted(table.sqlName(), exchange.inputs()));
        requireRows(exchange.rows(), ended);
        Failpoint.AFTER_END_FILES.pass();
        files.register(exchange.outputs());
        // Of these files only: beside uncommitted deletes the engine counts by reading every file of the dataset.
        long registered = rowsOf(exchange);
        if (ended != registered) {
            throw rowCount(record, ended, registered);
        }
        new CompactionSteps(session).insert(record);
        session.execute(MESSAGE, message.text(), message.extraInfo());
        return raised;
    }

    private RowCountException rowCount(CompactionStep record, long before, long after) {
        return new RowCountException(
                contract.dataset(),
                "merging " + record.before().count() + " files",
                RowCountException.Step.UNDONE,
                before,
                after);
    }

    /**
     * Reads files of Millrace that have the dataset's columns as they are, and no deletes, by themselves: the engine would open all files of the
     * dataset, or of the partitions, to find those of a name. What is deleted from them meanwhile is found before the exchange.
     */
    private List<WrittenFile> write(List<LakeFile> inputs, String condition, Optional<LiveFiles> live, String step) {
        boolean isDirect = live.filter(LiveFiles::areOfCurrentColumns).isPresent()
                && inputs.stream().noneMatch(LakeFile::isForeign);
        List<WrittenFile> written;
        try {
            written = isDirect
                    ? files.write(
                            FILES_THEMSELVES.formatted(
                                    files.selectList(), contract.partitionBy().isEmpty() ? "false" : WITH_FOLDERS),
                            step,
                            inputs.stream()
                                    .map(file -> files.folder() + file.path())
                                    .toList())
                    : files.write(ROWS_OF_FILES.formatted(files.selectList(), table.sqlName(), condition), step);
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
            throw ChangedMeanwhileException.rows(contract.dataset(), planned, found);
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
