package dev.millrace.lake;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.FileLayout;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a dataset's lake files as its contract lays them out, and makes the catalog know them. Belongs to its session's
 * thread.
 *
 * <p>Written files are unknown to the catalog until they are registered; what never is, is an orphan for the cleaner.
 */
public final class DatasetFiles {
    private static final String COPY = """
            COPY (%s %s) TO %s (FORMAT parquet, %s, FILENAME_PATTERN %s, OVERWRITE_OR_IGNORE true,
                RETURN_STATS, WRITE_BLOOM_FILTER %s, %s)
            """;
    /** A partition column is what the folder says, as it is to the engine that reads a registered file. */
    private static final String OF_FILES =
            "SELECT %s FROM read_parquet(?, hive_partitioning = %s, hive_types_autocast = false)";

    private static final String FOOTERS = "SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata(?)";
    private static final String REGISTER = """
            CALL ducklake_add_data_files('lake', %s, ?, schema => %s, hive_partitioning => %s)
            """;

    /**
     * A file that was written, with what the engine says of it.
     *
     * @param path absolute
     * @param nullsByColumn how many NULLs a plain column has
     */
    public record WrittenFile(String path, long rows, long bytes, Map<String, Long> nullsByColumn) {}

    private final LakeSession session;
    private final Contract contract;
    private final long targetFileBytes;
    private final String folder;
    private final List<LakeColumn> columns;
    private final ColumnSources sources;

    /**
     * Looks at the dataset once: for columns that are added later, take a new one.
     *
     * @param targetFileBytes where a dataset without partitions begins another file
     */
    public DatasetFiles(LakeSession session, Contract contract, long targetFileBytes) {
        this(session, contract, targetFileBytes, new DatasetTable(session, contract.dataset()).columns());
    }

    /**
     * As {@link #DatasetFiles(LakeSession, Contract, long)}, for a dataset that is going to have other columns.
     *
     * @param columns that the files get
     */
    DatasetFiles(LakeSession session, Contract contract, long targetFileBytes, List<LakeColumn> columns) {
        this.session = session;
        this.contract = contract;
        this.targetFileBytes = targetFileBytes;
        this.folder = new DatasetTable(session, contract.dataset()).folder();
        this.columns = List.copyOf(columns);
        this.sources = new ColumnSources(contract.aliases(), columns);
    }

    /** The folder or prefix that the files are written to, with the slash at its end. */
    public String folder() {
        return folder;
    }

    /** Which columns of staged files are the dataset's. */
    public ColumnSources sources() {
        return sources;
    }

    /** Whether the dataset has the columns now that it had when it was looked at. */
    public boolean areOfCurrentColumns() {
        return new DatasetTable(session, contract.dataset()).columns().equals(columns);
    }

    /** The list of a SELECT that gives all of the dataset's columns, as they are there. */
    public String selectList() {
        return selectList(columns.stream().map(LakeColumn::name).collect(Collectors.toSet()));
    }

    /** The list of a SELECT that gives the columns of the files, from rows that have these. */
    String selectListOf(List<LakeColumn> present) {
        return selectList(present.stream().map(LakeColumn::name).collect(Collectors.toSet()));
    }

    /**
     * The SELECT that reads lake files without the catalog, whose paths are its only value: for files of Millrace that have the dataset's
     * columns as they are, and no deletes. To find those of a name in the dataset, the engine opens all files of it.
     */
    public String selectFromFiles(String selectList) {
        return OF_FILES.formatted(selectList, !contract.partitionBy().isEmpty());
    }

    /**
     * The list of a SELECT that gives the dataset's columns with their types.
     *
     * @param present the names of those that the source has, former ones among them; the others are NULL
     */
    public String selectList(Set<String> present) {
        return columns.stream()
                .map(c -> sources.expression(c, present) + withoutNegativeZeros(c) + " AS "
                        + SqlText.identifier(c.name()))
                .collect(Collectors.joining(", "));
    }

    /** The engine's Bloom filters take -0.0 and 0.0 for different values: a filter for zero would miss the negative ones. */
    private static String withoutNegativeZeros(LakeColumn column) {
        return column.type().equals("FLOAT") || column.type().equals("DOUBLE") ? " + 0" : "";
    }

    /**
     * Writes the rows of a SELECT, sorted and divided as the contract says, into the dataset's folder, which has to exist.
     *
     * @param name begins the names of the files; never used before
     * <p>The footers are read back: what is going to be registered can be read, and the transaction that registers it finds
     * them in the engine's cache.
     *
     * @throws StatementException when the engine refuses; files that it had begun are left behind
     * @throws LakeException when the files do not hold what the engine says it has written
     */
    public List<WrittenFile> write(String select, String name, Object... values) {
        List<String> order = Stream.concat(contract.partitionBy().stream(), contract.sortBy().stream())
                .toList();
        Failpoint.BEFORE_WRITE_LAKE_FILES.pass();
        List<WrittenFile> written = session.query(
                COPY.formatted(
                        select,
                        order.isEmpty() ? "" : "ORDER BY " + SqlText.identifiers(order),
                        SqlText.literal(withoutSlash(folder)),
                        pages(contract.files()),
                        SqlText.literal(name + "-{i}"),
                        // A search for bytes beyond ASCII finds nothing where the engine's Bloom filter is asked
                        // (measured, 1.5.5).
                        columns.stream().noneMatch(c -> c.type().equals("BLOB")),
                        layout()),
                row -> new WrittenFile(
                        row.getString("filename"), row.getLong("count"), row.getLong("file_size_bytes"), nulls((Map<
                                        ?, ?>)
                                row.getObject("column_statistics"))),
                values);
        Failpoint.AFTER_WRITE_LAKE_FILES.pass();
        requireStored(written);
        return written;
    }

    private static String pages(FileLayout layout) {
        StringBuilder options = new StringBuilder("COMPRESSION ").append(layout.compression());
        layout.compressionLevel()
                .ifPresent(level -> options.append(", COMPRESSION_LEVEL ").append(level));
        layout.rowGroupRows()
                .ifPresent(rows -> options.append(", ROW_GROUP_SIZE ").append(rows));
        return options.toString();
    }

    private void requireStored(List<WrittenFile> written) {
        if (written.isEmpty()) {
            return;
        }
        long rows = written.stream().mapToLong(WrittenFile::rows).sum();
        long stored = session.queryLong(
                FOOTERS, written.stream().map(WrittenFile::path).toList());
        if (stored != rows) {
            throw new LakeException("dataset '" + dataset() + "': " + rows + " rows were written to " + folder + " and "
                    + stored + " are found in " + written.size()
                    + " files there. Nothing was committed; see whether the"
                    + " storage loses what is written to it");
        }
    }

    /** Behind a slash the engine would put another one into the names of an unpartitioned dataset's files. */
    private static String withoutSlash(String folder) {
        return folder.substring(0, folder.length() - 1);
    }

    private String layout() {
        return contract.partitionBy().isEmpty()
                ? "FILE_SIZE_BYTES " + targetFileBytes
                : "PARTITION_BY (" + SqlText.identifiers(contract.partitionBy()) + "), WRITE_PARTITION_COLUMNS true";
    }

    /** Makes files a part of the dataset, inside of the caller's transaction. */
    public void register(Collection<String> paths) {
        if (!paths.isEmpty()) {
            Failpoint.BEFORE_REGISTER.pass();
            session.execute(
                    REGISTER.formatted(
                            SqlText.literal(dataset().table()),
                            SqlText.literal(dataset().schema()),
                            !contract.partitionBy().isEmpty()),
                    paths);
            Failpoint.AFTER_REGISTER.pass();
        }
    }

    private DatasetName dataset() {
        return contract.dataset();
    }

    private static Map<String, Long> nulls(Map<?, ?> statistics) {
        return statistics.entrySet().stream()
                .filter(e -> ((Map<?, ?>) e.getValue()).containsKey("null_count"))
                .collect(Collectors.toMap(
                        e -> unquoted(e.getKey().toString()),
                        e -> Long.parseLong(
                                ((Map<?, ?>) e.getValue()).get("null_count").toString())));
    }

    private static String unquoted(String identifier) {
        return identifier.startsWith("\"")
                ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
                : identifier;
    }
}
