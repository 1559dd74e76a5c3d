package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lake's table of a dataset: made from its contract, described, measured. Belongs to its session's thread. */
public final class DatasetTable {
    private static final String COLUMNS = """
            SELECT column_name, data_type FROM duckdb_columns()
            WHERE database_name = 'lake' AND schema_name = ? AND table_name = ? ORDER BY column_index
            """;
    private static final String TABLE = """
            SELECT t.table_id, s.path, s.path_is_relative, t.path, t.path_is_relative
            FROM __ducklake_metadata_lake.ducklake_table t
            JOIN __ducklake_metadata_lake.ducklake_schema s USING (schema_id)
            WHERE s.schema_name = ? AND t.table_name = ? AND t.end_snapshot IS NULL AND s.end_snapshot IS NULL
            """;
    private static final String PARTITION_COLUMNS = """
            SELECT c.column_name
            FROM __ducklake_metadata_lake.ducklake_partition_info i
            JOIN __ducklake_metadata_lake.ducklake_partition_column p USING (partition_id, table_id)
            JOIN __ducklake_metadata_lake.ducklake_column c
                ON c.column_id = p.column_id AND c.table_id = i.table_id AND c.end_snapshot IS NULL
            WHERE i.table_id = ? AND i.end_snapshot IS NULL ORDER BY p.partition_key_index
            """;
    private static final String FILES = """
            SELECT count(*), coalesce(sum(file_size_bytes), 0)
            FROM __ducklake_metadata_lake.ducklake_data_file WHERE table_id = ? AND end_snapshot IS NULL
            """;

    /** Of registered files by their footers: no file is read. What a delete has taken away may still be counted in. */
    private static final String NEWEST = """
            SELECT TRY_CAST(max_value AS TIMESTAMPTZ)
            FROM __ducklake_metadata_lake.ducklake_table_column_stats s
            JOIN __ducklake_metadata_lake.ducklake_column c USING (table_id, column_id)
            WHERE table_id = ? AND c.column_name = ? AND c.end_snapshot IS NULL AND c.parent_column IS NULL
            """;

    /** As above, where the column came when the table had rows already: the engine keeps statistics of its files only then. */
    private static final String NEWEST_OF_FILES = """
            SELECT max(TRY_CAST(s.max_value AS TIMESTAMPTZ))
            FROM __ducklake_metadata_lake.ducklake_file_column_stats s
            JOIN __ducklake_metadata_lake.ducklake_data_file f USING (data_file_id, table_id)
            JOIN __ducklake_metadata_lake.ducklake_column c USING (table_id, column_id)
            WHERE table_id = ? AND f.end_snapshot IS NULL
                AND c.column_name = ? AND c.end_snapshot IS NULL AND c.parent_column IS NULL
            """;

    private static final Logger LOG = LoggerFactory.getLogger(DatasetTable.class);
    private static final int MAX_STEPS = 20;

    private enum Step {
        CREATE_TABLE,
        REGISTER,
        NONE
    }

    /** What {@link #apply} did. */
    public enum Applied {
        CREATED,
        UNCHANGED
    }

    /** The dataset's size now. */
    public record Size(long rows, long files, long bytes) {}

    private record Location(long tableId, String folder) {}

    private final LakeSession session;
    private final DatasetName dataset;

    public DatasetTable(LakeSession session, DatasetName dataset) {
        this.session = session;
        this.dataset = dataset;
    }

    /** The table's name in SQL. */
    public String sqlName() {
        return LakeSession.ALIAS + "." + SqlText.identifier(dataset.schema()) + "."
                + SqlText.identifier(dataset.table());
    }

    /** The columns in the lake, empty when there is no such table. */
    public List<LakeColumn> columns() {
        return session.query(
                COLUMNS, row -> new LakeColumn(row.getString(1), row.getString(2)), dataset.schema(), dataset.table());
    }

    /** The number by which the catalog's own tables know it. */
    public long id() {
        return location().tableId();
    }

    /** Its schema and its name. */
    List<String> address() {
        return List.of(dataset.schema(), dataset.table());
    }

    /** The folder or prefix of the dataset's lake files, with the slash at its end. */
    public String folder() {
        return location().folder();
    }

    /** Rows as a reader counts them now, files and their bytes as the catalog has them. */
    public Size size() {
        long rows = session.queryLong("SELECT count(*) FROM " + sqlName());
        return session.queryOne(
                        FILES,
                        row -> new Size(rows, row.getLong(1), row.getLong(2)),
                        location().tableId())
                .orElseThrow();
    }

    /** What has to be written anew when a column is widened, as the catalog has it. */
    public RewriteSize rewriteSize() {
        return RewriteSources.read(session, this).size();
    }

    /**
     * The largest value of a date or timestamp column as the catalog's statistics have it; of a date its beginning, in UTC. Absent when
     * no row has one.
     */
    public Optional<Instant> newest(String column) {
        return newest(NEWEST, column).or(() -> newest(NEWEST_OF_FILES, column));
    }

    private Optional<Instant> newest(String sql, String column) {
        return session
                .query(
                        sql,
                        row -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)),
                        location().tableId(),
                        column)
                .stream()
                .flatMap(Optional::stream)
                .map(OffsetDateTime::toInstant)
                .findFirst();
    }

    /**
     * Makes the table as the contract says, where there is none; one that is there stays as it is, see {@link DatasetEvolution}. May be
     * repeated after any interruption, and by several processes at once.
     *
     * @throws LakeException when the lake's table can't be made to fit the contract; says where they differ
     */
    public Applied apply(Contract contract) {
        Step next = nextStep(contract);
        Applied applied = next == Step.NONE ? Applied.UNCHANGED : Applied.CREATED;
        for (int step = 0; step < MAX_STEPS; step++) {
            switch (next) {
                case CREATE_TABLE ->
                    next = commit(next, contract, () -> {
                        create(contract);
                        new DatasetModes(session).record(dataset, contract.mode());
                        contract.deletedKeys()
                                .ifPresent(deleted -> new DatasetTable(session, deleted.dataset()).create(deleted));
                    });
                case REGISTER -> {
                    // Not by the transaction before: the engine sets no options of what the same one makes.
                    new DatasetOptions(session, dataset).set();
                    contract.deletedKeys().ifPresent(deleted -> new DatasetOptions(session, deleted.dataset()).set());
                    next = commit(next, contract, this::register);
                }
                case NONE -> {
                    return applied;
                }
            }
        }
        throw new LakeException("dataset '" + dataset
                + "' could not be made, other processes change the lake all the time; run 'millrace init' again");
    }

    /**
     * One step of several processes is done once: each raises the same row, so that the second one meets a conflict, and one
     * that begins after the other's commit sees here that nothing is left to do.
     *
     * @return what is to be done next
     */
    private Step commit(Step step, Contract contract, Runnable body) {
        CommitResult<Step> result = Transaction.run(session, () -> {
            session.execute("UPDATE lake.millrace.version SET version = version");
            Step found = nextStep(contract);
            if (found == step) {
                body.run();
                return step == Step.CREATE_TABLE ? Step.REGISTER : Step.NONE;
            }
            return found;
        });
        if (result instanceof CommitResult.Committed<Step> committed) {
            return committed.value();
        }
        LOG.info("dataset '{}': {} was not committed, looking again: {}", dataset, step, result);
        session.recover();
        return nextStep(contract);
    }

    private Step nextStep(Contract contract) {
        List<LakeColumn> columns = columns();
        if (columns.isEmpty()) {
            return Step.CREATE_TABLE;
        }
        boolean registered = requireOwn();
        requireUnbroken(contract, columns);
        return registered ? Step.NONE : Step.REGISTER;
    }

    private void requireUnbroken(Contract contract, List<LakeColumn> columns) {
        changes(contract, columns).stream()
                .filter(change -> change.effect() == ContractChange.Effect.BREAKS)
                .findFirst()
                .ifPresent(change -> {
                    throw new LakeException("dataset '" + dataset + "': " + change.message());
                });
    }

    /**
     * What has to be done to the columns for the contract, in this order.
     *
     * @throws LakeException when the lake's table can't be made to fit the contract; says where they differ
     */
    List<ColumnChange> steps(Contract contract) {
        List<LakeColumn> columns = columns();
        requireUnbroken(contract, columns);
        return new ContractChanges(contract, columns).steps();
    }

    /**
     * What a contract has widened, with what that costs; a sentence without a full stop, absent where it widens nothing.
     *
     * @throws LakeException as {@link #apply}
     */
    public Optional<String> widenings(Contract contract) {
        List<ColumnChange> widenings = steps(contract).stream()
                .filter(change -> change instanceof ColumnChange.ColumnWidened)
                .toList();
        return widenings.isEmpty()
                ? Optional.empty()
                : Optional.of(widenings.stream().map(ColumnChange::toString).collect(Collectors.joining("; ")) + ": "
                        + rewriteSize() + " are written anew");
    }

    /** Whether all of the pipeline's tables know it, which they do once it is made as a whole. */
    private boolean requireOwn() {
        boolean registered = session.queryLong(
                        "SELECT count(*) FROM lake.millrace.lease WHERE dataset || '' = ?", dataset.toString())
                > 0;
        if (!registered && session.queryLong("SELECT count(*) FROM " + sqlName()) > 0) {
            throw new LakeException("the lake has a table '" + dataset
                    + "' that was not made by Millrace; it is left alone. Choose another dataset name");
        }
        return registered;
    }

    /**
     * What a contract would change, and what would be refused. Changes nothing, and works with a session that may only read.
     *
     * @throws LakeException when the table is not Millrace's own
     */
    public List<ContractChange> changes(Contract contract) {
        List<LakeColumn> columns = columns();
        if (columns.isEmpty()) {
            return List.of(new ContractChange(
                    ContractChange.Effect.STEP,
                    dataset.toString(),
                    "the dataset is made by 'millrace init', with "
                            + contract.columns().size() + " columns"));
        }
        requireOwn();
        return changes(contract, columns);
    }

    private List<ContractChange> changes(Contract contract, List<LakeColumn> columns) {
        List<ContractChange> changes = new ArrayList<>();
        new DatasetModes(session).difference(contract).ifPresent(changes::add);
        changes.addAll(new ContractChanges(contract, columns).all(partitionColumns(), this::rewriteSize));
        return changes;
    }

    /** The columns that the lake has under a former name; none where the contract breaks the dataset, which init then says. */
    public List<ColumnChange> renames(Contract contract) {
        List<LakeColumn> columns = columns();
        boolean isBroken =
                changes(contract, columns).stream().anyMatch(change -> change.effect() == ContractChange.Effect.BREAKS);
        return isBroken ? List.of() : new ContractChanges(contract, columns).renames();
    }

    /** The columns as they are called once those under former names are renamed. */
    public List<LakeColumn> columnsRenamed(Contract contract) {
        return new ContractChanges(contract, columns()).renamed();
    }

    /** The columns that the lake has once all changes are made that the contract asks for, as far as they may be. */
    public List<LakeColumn> columnsUnder(Contract contract) {
        ContractChanges changes = new ContractChanges(contract, columns());
        return ColumnChange.allTo(changes.renamed(), changes.steps());
    }

    private void create(Contract contract) {
        if (!dataset.schema().equals(DatasetName.DEFAULT_SCHEMA)) {
            session.execute("CREATE SCHEMA IF NOT EXISTS lake." + SqlText.identifier(dataset.schema()));
        }
        session.execute("CREATE TABLE " + sqlName() + " ("
                + contract.columns().stream()
                        .map(c -> SqlText.identifier(c.name()) + " " + c.type().sql())
                        .collect(Collectors.joining(", "))
                + ")");
        if (!contract.partitionBy().isEmpty()) {
            session.execute("ALTER TABLE " + sqlName() + " SET PARTITIONED BY ("
                    + SqlText.identifiers(contract.partitionBy()) + ")");
        }
        if (!contract.sortBy().isEmpty()) {
            session.execute(
                    "ALTER TABLE " + sqlName() + " SET SORTED BY (" + SqlText.identifiers(contract.sortBy()) + ")");
        }
    }

    private void register() {
        LeaseTable leases = new LeaseTable(session);
        for (Activity activity : Activity.values()) {
            leases.add(dataset, activity);
        }
    }

    /** The columns that the lake's files are partitioned by. */
    List<String> partitionColumns() {
        return session.query(
                PARTITION_COLUMNS, row -> row.getString(1), location().tableId());
    }

    private Location location() {
        Optional<Location> location = session.queryOne(
                TABLE,
                row -> new Location(
                        row.getLong(1),
                        below(
                                below(session.address().dataPath(), row.getString(2), row.getBoolean(3)),
                                row.getString(4),
                                row.getBoolean(5))),
                dataset.schema(),
                dataset.table());
        return location.orElseThrow(() -> new LakeException(
                "dataset '" + dataset + "' is not in the lake yet; run 'millrace init', which makes it"));
    }

    private static String below(String parent, String path, boolean isRelative) {
        return isRelative ? parent + path : path;
    }
}
