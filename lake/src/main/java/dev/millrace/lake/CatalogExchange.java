package dev.millrace.lake;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.sql.SqlText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Puts written lake files in the place of others in the catalog's own tables, as DuckLake's specification has it: what the engine does by
 * deleting rows and registering files, without reading a row or a footer of the files that end. Belongs to its session's thread.
 *
 * <p>The row of the new snapshot is the fence: its number is the primary key that every commit of every program takes in turn, so that what was
 * looked at in the transaction is what stands when it commits, or all of it is refused. Nothing is written, and nobody waits, before the COMMIT.
 */
public final class CatalogExchange {
    private static final String NEWEST = """
        SELECT snapshot_id, schema_version, next_catalog_id, next_file_id FROM ducklake_snapshot
        WHERE snapshot_id = (SELECT max(snapshot_id) FROM ducklake_snapshot)\
        """;
    private static final String LIVE = """
        SELECT count(*) AS files, CAST(coalesce(sum(record_count), 0) AS BIGINT) AS live_rows FROM ducklake_data_file
        WHERE table_id = %d AND end_snapshot IS NULL AND data_file_id IN (%s)\
        """;
    private static final String DELETED = """
        SELECT CAST(coalesce(sum(delete_count), 0) AS BIGINT) AS deleted_rows, count(*) AS files FROM ducklake_delete_file
        WHERE table_id = %d AND end_snapshot IS NULL AND data_file_id IN (%s)\
        """;
    private static final String INLINED_DELETES = "SELECT count(*) AS n FROM %s WHERE file_id IN (%s)";
    private static final String KNOWN = """
        SELECT CAST(coalesce(sum(record_count), 0) AS BIGINT) AS rows_there, count(*) AS files FROM ducklake_data_file
        WHERE table_id = %d AND data_file_id >= %d AND path IN (%s)\
        """;
    private static final String STATS = """
        SELECT record_count, next_row_id, file_size_bytes FROM ducklake_table_stats WHERE table_id = %d\
        """;
    private static final String LEASE = """
        SELECT row_id, token FROM %s WHERE end_snapshot IS NULL AND %s = %s AND %s = %s\
        """;

    private static final String END_FILES = """
        UPDATE ducklake_data_file SET end_snapshot = %d
        WHERE table_id = %d AND end_snapshot IS NULL AND data_file_id IN (%s)\
        """;
    private static final String SET_STATS = """
        UPDATE ducklake_table_stats SET record_count = %d, next_row_id = %d, file_size_bytes = %d WHERE table_id = %d\
        """;
    private static final String FIRST_STATS = """
        INSERT INTO ducklake_table_stats (table_id, record_count, next_row_id, file_size_bytes) VALUES (%d, %d, %d, 0)\
        """;
    private static final String END_LEASE_ROW =
            "UPDATE %s SET end_snapshot = %d WHERE row_id = %d AND end_snapshot IS NULL";
    private static final String RAISE_LEASE_ROW = """
        INSERT INTO %1$s (row_id, begin_snapshot, %2$s)
        SELECT row_id, %3$d, %4$s FROM %1$s WHERE row_id = %5$d AND end_snapshot = %3$d\
        """;
    private static final String SNAPSHOT = """
        INSERT INTO ducklake_snapshot (snapshot_id, snapshot_time, schema_version, next_catalog_id, next_file_id)
        VALUES (%d, %s, %d, %d, %d)\
        """;
    private static final String CHANGES = """
        INSERT INTO ducklake_snapshot_changes (snapshot_id, changes_made, author, commit_message, commit_extra_info)
        VALUES (%d, %s, 'millrace', %s, %s)\
        """;
    private static final String ENDED = """
        SELECT count(*) AS n FROM ducklake_data_file WHERE end_snapshot = %d AND data_file_id IN (%s)\
        """;
    private static final String NOW = "SELECT now()::VARCHAR";

    /** What is told of the commit. */
    public record Message(String text, String extraInfo) {}

    /** What of the catalog does not change while its schema version is the same. */
    private record Ground(DatasetLayout layout, InlinedTable lease, InlinedTable step) {}

    private record Newest(long snapshot, long schemaVersion, long nextCatalogId, long nextFileId) {}

    private record Stats(long records, long nextRowId, long bytes) {
        String set(long tableId, long addedRecords, long addedRowIds, long addedBytes) {
            return SET_STATS.formatted(records + addedRecords, nextRowId + addedRowIds, bytes + addedBytes, tableId);
        }
    }

    private final LakeSession session;
    private final CatalogStatements catalog;
    private final Newest begun;
    private final Optional<Ground> ground;

    /** Looks at the catalog; to be made before the dataset's columns are read and its files are written. */
    public CatalogExchange(LakeSession session, DatasetTable table) {
        this.session = session;
        this.catalog = new CatalogStatements(session);
        this.begun = newest();
        this.ground = DatasetLayout.of(session, table).flatMap(layout -> InlinedTable.find(session, "lease")
                .flatMap(lease -> InlinedTable.find(session, "step")
                        .filter(step -> CompactionSteps.isKnown(step.columns().keySet()))
                        .map(step -> new Ground(layout, lease, step))));
    }

    /** Whether files can be exchanged here at all, unless the engine finds something unknown about them. */
    public boolean isPossible() {
        return ground.isPresent();
    }

    /** Whether the columns of all datasets are still those that this one has looked at. */
    public boolean isOfCurrentSchema() {
        return newest().schemaVersion() == begun.schemaVersion();
    }

    /**
     * Looks for files of the dataset, outside of the transaction.
     *
     * @param paths below the dataset's folder
     * @return absent where the engine has to do all of it
     */
    public Optional<LiveFiles> find(Collection<String> paths) {
        return ground.flatMap(known -> LiveFiles.find(session, known.layout(), paths));
    }

    /**
     * The exchange of some files, outside of the transaction.
     *
     * @param inputs in which nothing is deleted
     * @param rows of the inputs, and of what was written of them
     * @param outputs what was written of them, to the folder
     * @return absent where the engine has to do it
     */
    public Optional<Prepared> prepare(LiveFiles inputs, long rows, String folder, List<WrittenFile> outputs) {
        return ground.flatMap(known -> NewLakeFiles.of(session, known.layout(), inputs, folder, outputs)
                .filter(files -> inputs.rows() == rows && files.outputRows() == rows)
                .map(files -> new Prepared(known, files)));
    }

    /** An exchange that only the catalog has to be asked for. */
    public final class Prepared {
        private final Ground known;
        private final NewLakeFiles files;
        private final String inputs;

        private Prepared(Ground known, NewLakeFiles files) {
            this.known = known;
            this.files = files;
            this.inputs = files.inputs().files().stream()
                    .map(file -> Long.toString(file.id()))
                    .collect(Collectors.joining(", "));
        }

        /**
         * Looks whether the exchange may be, inside of the caller's transaction, and has it made by its COMMIT, together with the raising of the
         * token and the step's row.
         *
         * @throws FencedException when another holder has the lease
         */
        ExchangeOutcome stage(Lease lease, Lease raised, CompactionStep step, Message message) {
            long table = known.layout().tableId();
            Newest now = newest();
            if (now.schemaVersion() != begun.schemaVersion()) {
                return new ExchangeOutcome.NotKnown("the lake's schema has changed");
            }
            Optional<Stats> ofDataset = stats(table);
            Optional<Stats> ofLease = stats(known.lease().tableId());
            Optional<Stats> ofStep = stats(known.step().tableId());
            if (ofDataset.isEmpty() || ofLease.isEmpty()) {
                return new ExchangeOutcome.NotKnown("the catalog has no statistics of a table");
            }
            Failpoint.BEFORE_RAISE_TOKEN.pass();
            long leaseRow = leaseRow(lease);
            Failpoint.AFTER_RAISE_TOKEN.pass();
            Failpoint.BEFORE_END_FILES.pass();
            List<String> live = catalog.query(LIVE.formatted(table, inputs)).get(0);
            long rowsLeft = Long.parseLong(live.get(1)) - deletedRows(table);
            if (Long.parseLong(live.get(0)) != files.inputs().files().size()
                    || rowsLeft != files.inputs().rows()) {
                return new ExchangeOutcome.InputsChanged(rowsLeft);
            }
            Failpoint.AFTER_END_FILES.pass();
            Failpoint.BEFORE_REGISTER.pass();
            long rowsThere = rowsThere(table);
            if (rowsThere > 0) {
                return new ExchangeOutcome.OutputsKnown(rowsThere);
            }
            Failpoint.AFTER_REGISTER.pass();

            long snapshot = now.snapshot() + 1;
            List<String> writes = new ArrayList<>();
            NewLakeFiles.Rows rows = files.rows(
                    catalog, snapshot, now.nextFileId(), ofDataset.orElseThrow().nextRowId());
            // The engine takes a file's number for a table of which rows are inlined only: readers look anew by it.
            writes.add(SNAPSHOT.formatted(
                    snapshot,
                    SqlText.literal(
                            session.queryOne(NOW, row -> row.getString(1)).orElseThrow()),
                    now.schemaVersion(),
                    now.nextCatalogId(),
                    rows.nextFileId() + 2));
            writes.add(END_FILES.formatted(snapshot, table, inputs));
            writes.addAll(rows.statements());
            writes.add(ofDataset.orElseThrow().set(table, files.outputRows(), files.outputRows(), files.outputBytes()));
            writes.addAll(raise(leaseRow, raised, snapshot));
            writes.add(ofLease.orElseThrow().set(known.lease().tableId(), 1, 0, 0));
            List<InlinedTable.Value> values = CompactionSteps.values(step);
            writes.add(known.step().insert(catalog, ofStep.map(Stats::nextRowId).orElse(0L), snapshot, values));
            writes.addAll(known.step().widenBounds(catalog, values));
            writes.add(ofStep.map(stats -> stats.set(known.step().tableId(), 1, 1, 0))
                    .orElseGet(() -> FIRST_STATS.formatted(known.step().tableId(), 1, 1)));
            writes.add(CHANGES.formatted(
                    snapshot,
                    SqlText.literal(changes()),
                    SqlText.literal(message.text()),
                    SqlText.literal(message.extraInfo())));
            session.atCommit(() -> write(writes, snapshot));
            return new ExchangeOutcome.Staged(raised);
        }

        private long leaseRow(Lease lease) {
            List<List<String>> rows = catalog.query(LEASE.formatted(
                    SqlText.identifier(known.lease().rows()),
                    catalog.textOf("dataset"),
                    SqlText.literal(lease.dataset().toString()),
                    catalog.textOf("activity"),
                    SqlText.literal(lease.activity().word())));
            if (rows.size() != 1 || Long.parseLong(rows.get(0).get(1)) != lease.token()) {
                throw new FencedException(lease);
            }
            return Long.parseLong(rows.get(0).get(0));
        }

        private long deletedRows(long table) {
            List<String> deleted =
                    catalog.query(DELETED.formatted(table, inputs)).get(0);
            String inlined = InlinedByOthers.deletes(table);
            return Long.parseLong(deleted.get(0))
                    + (catalog.hasTable(inlined)
                            ? catalog.number(INLINED_DELETES.formatted(SqlText.identifier(inlined), inputs))
                            : 0);
        }

        private long rowsThere(long table) {
            return catalog.number(KNOWN.formatted(
                    table,
                    begun.nextFileId(),
                    files.outputPaths().stream().map(SqlText::literal).collect(Collectors.joining(", "))));
        }

        private List<String> raise(long leaseRow, Lease raised, long snapshot) {
            List<InlinedTable.Value> values = List.of(
                    InlinedTable.Value.number("token", raised.token()),
                    InlinedTable.Value.time("expires_at", raised.expiresAt()),
                    InlinedTable.Value.number("deaths", raised.deaths()));
            String table = SqlText.identifier(known.lease().rows());
            String kept = known.lease().columns().keySet().stream()
                    .map(column -> values.stream()
                            .filter(value -> value.column().equals(column))
                            .map(value -> value.kind() == ColumnBounds.Kind.NUMBER
                                    ? value.text().orElseThrow()
                                    : SqlText.literal(value.text().orElseThrow()))
                            .findFirst()
                            .orElse(SqlText.identifier(column)))
                    .collect(Collectors.joining(", "));
            List<String> statements = new ArrayList<>();
            statements.add(END_LEASE_ROW.formatted(table, snapshot, leaseRow));
            statements.add(RAISE_LEASE_ROW.formatted(
                    table, SqlText.identifiers(known.lease().columns().keySet()), snapshot, kept, leaseRow));
            statements.addAll(known.lease().widenBounds(catalog, values));
            return statements;
        }

        /** What the engine tells of such a transaction: by it others find that they have met it. */
        private String changes() {
            long dataset = known.layout().tableId();
            long lease = known.lease().tableId();
            long step = known.step().tableId();
            return "inserted_into_table:" + dataset + ",deleted_from_table:" + dataset + ",inlined_insert:"
                    + Math.min(lease, step) + ",inlined_insert:" + Math.max(lease, step) + ",inlined_delete:" + lease;
        }

        private void write(List<String> writes, long snapshot) {
            catalog.execute(writes);
            long ended = catalog.number(ENDED.formatted(snapshot, inputs));
            if (ended != files.inputs().files().size()) {
                throw new LakeException("of " + files.inputs().files().size() + " lake files " + ended
                        + " were found when they were to end; nothing was changed. Report this");
            }
        }
    }

    private Newest newest() {
        List<String> row = catalog.query(NEWEST).get(0);
        return new Newest(
                Long.parseLong(row.get(0)),
                Long.parseLong(row.get(1)),
                Long.parseLong(row.get(2)),
                Long.parseLong(row.get(3)));
    }

    private Optional<Stats> stats(long tableId) {
        return catalog.query(STATS.formatted(tableId)).stream()
                .findFirst()
                .map(row ->
                        new Stats(Long.parseLong(row.get(0)), Long.parseLong(row.get(1)), Long.parseLong(row.get(2))));
    }
}
