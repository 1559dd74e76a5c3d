package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.ingester.KeyLookup.Found;
import dev.millrace.ingester.UpsertChange.DeletedKeys;
import dev.millrace.ingester.UpsertChange.Rewrite;
import dev.millrace.ingester.WriteOutcome.FilesRefused;
import dev.millrace.ingester.WriteOutcome.Upserted;
import dev.millrace.lake.CatalogUnreachableException;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.StatementException;
import dev.millrace.lake.UnregisteredFiles;
import dev.millrace.lake.UpsertedBatch;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.WriteMode.Upsert;
import dev.millrace.storage.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes what a batch makes of a dataset of the mode {@code upsert}, outside of any transaction: its own rows, and anew the lake files that
 * hold a row which it replaces or deletes, without that row.
 *
 * <p>Not by the engine's delete files, which it writes within the transaction and deletes again when it believes that the
 * transaction failed, although it may have committed; and with which two who delete from one file undo each other (measured, DuckLake
 * d8a1881e).
 */
final class UpsertWriter {
    private static final String STAGED = """
            SELECT %s, file_index AS millrace_file, file_row_number AS millrace_line
            FROM read_parquet(?, hive_partitioning = false, union_by_name = %s)
            """;
    private static final String NEW_ROWS = """
            SELECT %s FROM read_parquet(?, hive_partitioning = false, union_by_name = %s)
            WHERE (file_index::BIGINT * 1099511627776 + file_row_number) IN (SELECT position FROM upsert_winner WHERE NOT deletes)
            """;
    private static final String KEPT_ROWS = """
        SELECT %s FROM %s AS t AT (VERSION => %d) ANTI JOIN upsert_winner r ON %s WHERE %s
        """;
    private static final String COUNTS = """
            SELECT count(*)%s FROM read_parquet(?, hive_partitioning = false, union_by_name = %s)
            """;
    private static final String DELETED_KEYS = "SELECT %s FROM (SELECT %s FROM upsert_winner WHERE deletes)";
    private static final String ALL_DELETED_KEYS = """
            SELECT %1$s, max(%2$s) AS %2$s FROM (FROM %3$s AT (VERSION => %4$d) UNION ALL BY NAME %5$s) GROUP BY %1$s
            """;

    /** More files than this of deleted keys are made one: each lookup opens all of them. */
    private static final int MAX_DELETED_KEY_FILES = 16;

    private final LakeSession session;
    private final ObjectStore staging;
    private final UnregisteredFiles unregistered;
    private final Contract contract;
    private final Upsert mode;
    private final DatasetFiles files;
    private final DatasetFiles rewritten;
    private final long targetFileBytes;
    private final List<Written> begun = new ArrayList<>();

    private record Written(DatasetFiles files, String name) {}

    /** @param files of the dataset as it is when the batch is written */
    UpsertWriter(
            IngestEnvironment environment, Contract contract, Upsert mode, DatasetFiles files, long targetFileBytes) {
        this.session = environment.session();
        this.staging = environment.staging();
        this.unregistered = new UnregisteredFiles(session, environment.lakeData());
        this.contract = contract;
        this.mode = mode;
        this.files = files;
        // A group of files ends where they do, a little above the target at most.
        this.rewritten = new DatasetFiles(session, contract, 2 * targetFileBytes);
        this.targetFileBytes = targetFileBytes;
    }

    /**
     * Looks up what the batch replaces, and writes.
     *
     * @param batchId begins the names of the files with its rows; new with every call
     * @throws LakeChangedException when the catalog was away for a moment: the rows are to be looked up again
     * @throws LakeException when it failed for a reason that is none of the staged files' fault
     */
    WriteOutcome write(Batch batch, String batchId) {
        if (batch.rows() == 0) {
            UpsertedBatch.Rows none = new UpsertedBatch.Rows(0, 0, 0, 0, 0, 0);
            return new Upserted(new UpsertChange(batchId, 0, none, List.of(), List.of(), Optional.empty()));
        }
        try {
            List<Refused> withNulls = refusedForNulls(batch);
            return withNulls.isEmpty() ? new Upserted(change(batch, batchId)) : new FilesRefused(withNulls);
        } catch (CatalogUnreachableException e) {
            // What reads the lake while it writes is not repeated by the session; what it wrote is an orphan for the
            // cleaner.
            session.recover();
            throw new LakeChangedException(contract.dataset(), "the connection to the catalog was lost", e);
        } catch (StatementException e) {
            removeBegun();
            List<Refused> bad =
                    e.tellsOfMemory() ? List.of() : new BadFiles(session, staging).unreadable(batch.files());
            if (bad.isEmpty() && e.tellsOfValues()) {
                return new WriteOutcome.ValuesRefused(e);
            }
            if (bad.isEmpty()) {
                throw new LakeException(
                        "dataset '" + contract.dataset() + "': a batch of "
                                + batch.files().size() + " staged files could not be written to " + files.folder()
                                + ": "
                                + e.firstLine() + ". Nothing was changed and the files wait for the next ingest",
                        e);
            }
            return new FilesRefused(bad);
        }
    }

    private UpsertChange change(Batch batch, String batchId) {
        List<String> addresses = addresses(batch);
        String selectList = files.selectList(present(batch));
        KeyLookup lookup = new KeyLookup(session, contract, mode);
        Found found = lookup.find(STAGED.formatted(selectList, unionByName(batch)), addresses, batch.rows());
        List<WrittenFile> newFiles = write(
                found.rows().written(), files, NEW_ROWS.formatted(selectList, unionByName(batch)), batchId, addresses);
        List<Rewrite> rewrites = new ArrayList<>();
        for (List<TouchedFile> group : RewritePlanner.plan(found.touched(), targetFileBytes)) {
            rewrites.add(rewrite(group, found.snapshot(), lookup));
        }
        return new UpsertChange(
                batchId, found.snapshot(), found.rows(), newFiles, rewrites, deletedKeys(found, lookup));
    }

    private Rewrite rewrite(List<TouchedFile> group, long snapshot, KeyLookup lookup) {
        String id = BatchId.next().toString();
        String select = KEPT_ROWS.formatted(
                rewritten.selectList(),
                new DatasetTable(session, contract.dataset()).sqlName(),
                snapshot,
                lookup.sameKey(),
                TouchedRows.of(contract, group));
        long keptRows = group.stream().mapToLong(TouchedFile::keptRows).sum();
        return new Rewrite(id, group, write(keptRows, rewritten, select, id));
    }

    private Optional<DeletedKeys> deletedKeys(Found found, KeyLookup lookup) {
        if (found.rows().deletes() == 0 || contract.deletedKeys().isEmpty()) {
            return Optional.empty();
        }
        Contract deleted = contract.deletedKeys().orElseThrow();
        DatasetTable table = new DatasetTable(session, deleted.dataset());
        DatasetTable.Size size = table.size();
        DatasetFiles deletedFiles = new DatasetFiles(session, deleted, targetFileBytes);
        // They may have wider types there already.
        String select = DELETED_KEYS.formatted(deletedFiles.selectList(), lookup.deletedKey());
        String name = BatchId.next().toString();
        if (size.files() < MAX_DELETED_KEY_FILES) {
            return Optional.of(new DeletedKeys(write(deletedFiles, select, name), OptionalLong.empty()));
        }
        String all = ALL_DELETED_KEYS.formatted(
                SqlText.identifiers(mode.key()),
                SqlText.identifier(mode.version().orElseThrow()),
                table.sqlName(),
                found.snapshot(),
                select);
        return Optional.of(new DeletedKeys(write(deletedFiles, all, name), OptionalLong.of(size.rows())));
    }

    private List<WrittenFile> write(long rows, DatasetFiles into, String select, String name, Object... values) {
        if (rows == 0) {
            return List.of();
        }
        List<WrittenFile> written = write(into, select, name, values);
        requireRows(rows, written);
        return written;
    }

    private List<WrittenFile> write(DatasetFiles into, String select, String name, Object... values) {
        begun.add(new Written(into, name));
        return unregistered.write(into, select, name, values);
    }

    private void requireRows(long expected, List<WrittenFile> written) {
        long rows = written.stream().mapToLong(WrittenFile::rows).sum();
        if (rows != expected) {
            removeBegun();
            throw new LakeException("dataset '" + contract.dataset() + "': " + expected + " rows were to be written to "
                    + files.folder() + ", and " + rows
                    + " were. Nothing was committed; see whether a staged file was changed after it was staged");
        }
    }

    /** No transaction knows of them yet. */
    private void removeBegun() {
        begun.forEach(written -> unregistered.remove(written.files(), written.name()));
    }

    /** The files that hold NULL in a required column. A released one may, but not in a column that the mode needs. */
    private List<Refused> refusedForNulls(Batch batch) {
        List<Column> required =
                contract.columns().stream().filter(contract::requires).toList();
        Map<Column, Long> values = new HashMap<>();
        long rows = session.queryOne(
                        COUNTS.formatted(
                                required.stream()
                                        .map(column -> ", count(*) FILTER (NOT ("
                                                + files.sources().isNull(column.name(), present(batch)) + "))")
                                        .collect(Collectors.joining()),
                                unionByName(batch)),
                        row -> {
                            for (int i = 0; i < required.size(); i++) {
                                values.put(required.get(i), row.getLong(2 + i));
                            }
                            return row.getLong(1);
                        },
                        addresses(batch))
                .orElseThrow();
        if (rows != batch.rows()) {
            throw new LakeException("dataset '" + contract.dataset() + "': the footers of "
                    + batch.files().size() + " staged files promise " + batch.rows() + " rows, " + rows
                    + " were read. Nothing was committed; see whether a staged file was changed after it was staged");
        }
        Map<String, Refused> refused = new HashMap<>();
        required.stream().filter(column -> values.get(column) < rows).forEach(column -> {
            boolean ofMode = mode.requiredColumns().contains(column.name());
            List<Loadable> searched = batch.files().stream()
                    .filter(f -> ofMode || f.file().standing() != StagedObject.Standing.RELEASED)
                    .toList();
            if (!searched.isEmpty()) {
                Set<String> present = searched.stream()
                        .flatMap(f -> f.columns().stream())
                        .map(LakeColumn::name)
                        .collect(Collectors.toSet());
                new BadFiles(session, staging)
                        .withNulls(searched, column.name(), files.sources().isNull(column.name(), present))
                        .forEach(file -> refused.putIfAbsent(file.file().key(), file));
            }
        });
        return List.copyOf(refused.values());
    }

    private List<String> addresses(Batch batch) {
        return batch.files().stream().map(f -> staging.address(f.file().key())).toList();
    }

    private static Set<String> present(Batch batch) {
        return batch.columns().stream().map(LakeColumn::name).collect(Collectors.toSet());
    }

    private static boolean unionByName(Batch batch) {
        return batch.files().stream().map(f -> f.footer().schema()).distinct().count() > 1;
    }
}
