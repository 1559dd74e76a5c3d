package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.ingester.WriteOutcome.FilesRefused;
import dev.millrace.ingester.WriteOutcome.Written;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.StatementException;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.storage.ObjectStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the rows of a batch as lake files, named after the batch, outside of any transaction.
 *
 * <p>What it writes is unknown to the catalog until the batch is committed; what is never committed is an orphan for the
 * cleaner. Nothing is deleted here. All files of a partition stand in one folder: the engine can't merge others (measured,
 * DuckLake d8a1881e: "Files have different hive partition path").
 */
final class LakeFileWriter {
    private static final String REWRITE = """
            COPY (
                SELECT %s FROM read_parquet(?, hive_partitioning = false, union_by_name = %s) %s
            ) TO %s (FORMAT parquet, COMPRESSION zstd, FILENAME_PATTERN %s, OVERWRITE_OR_IGNORE true, RETURN_STATS, %s)
            """;

    private record LakeFile(String path, long rows, long bytes, Map<String, Long> nullsByColumn) {}

    private final LakeSession session;
    private final ObjectStore staging;
    private final ObjectStore lakeData;
    private final Contract contract;
    private final long targetFileBytes;

    LakeFileWriter(IngestEnvironment environment, Contract contract, long targetFileBytes) {
        this.session = environment.session();
        this.staging = environment.staging();
        this.lakeData = environment.lakeData();
        this.contract = contract;
        this.targetFileBytes = targetFileBytes;
    }

    /**
     * Writes a batch.
     *
     * @param batchId begins the names of the files; new with every call
     * @throws LakeException when it failed for a reason that is none of the files' fault
     */
    WriteOutcome write(Batch batch, String batchId) {
        if (batch.rows() == 0) {
            return new Written(List.of(), 0, 0);
        }
        DatasetTable table = new DatasetTable(session, contract.dataset());
        if (batch.way() == Batch.Way.COPY) {
            return copy(batch.files().get(0), table.folder(), batchId);
        }
        return rewrite(batch, table.columns(), table.folder(), batchId);
    }

    private Written copy(Loadable file, String folder, String batchId) {
        String key = lakeKey(folder)
                + (contract.partitionBy().isEmpty() ? "" : partitionPath(file) + "/")
                + batchId + "-0.parquet";
        lakeData.copyIfAbsent(staging, file.file().key(), key);
        return new Written(
                List.of(lakeData.address(key)),
                file.footer().rows(),
                file.file().sizeBytes());
    }

    private String partitionPath(Loadable file) {
        String[] values = file.footer().partition().orElseThrow().split("/", -1);
        List<String> segments = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            segments.add(contract.partitionBy().get(i) + "=" + values[i]);
        }
        return String.join("/", segments);
    }

    private WriteOutcome rewrite(Batch batch, List<LakeColumn> columns, String folder, String batchId) {
        lakeData.makeFolder(lakeKey(folder));
        List<LakeFile> written;
        try {
            written = session.query(
                    rewriteSql(batch, columns, folder, batchId),
                    row -> new LakeFile(
                            row.getString("filename"), row.getLong("count"), row.getLong("file_size_bytes"), nulls((Map<
                                            ?, ?>)
                                    row.getObject("column_statistics"))),
                    batch.files().stream()
                            .map(f -> staging.address(f.file().key()))
                            .toList());
        } catch (StatementException e) {
            List<Refused> bad = new BadFiles(session, staging).unreadable(batch.files());
            if (bad.isEmpty()) {
                throw new LakeException(
                        "dataset '" + contract.dataset() + "': a batch of "
                                + batch.files().size()
                                + " staged files could not be written to " + folder + ": " + e.firstLine()
                                + ". Nothing was changed and the files wait for the next ingest",
                        e);
            }
            return new FilesRefused(bad);
        }
        long rows = written.stream().mapToLong(LakeFile::rows).sum();
        if (rows != batch.rows()) {
            throw new LakeException("dataset '" + contract.dataset() + "': the footers of "
                    + batch.files().size()
                    + " staged files promise " + batch.rows() + " rows, " + rows + " were written to " + folder
                    + ". Nothing was committed; see whether a staged file was changed after it was staged");
        }
        lakeData.makeDurable(written.stream().map(f -> lakeKey(f.path())).toList());
        List<Refused> withNulls = refusedForNulls(batch, written);
        return withNulls.isEmpty()
                ? new Written(
                        written.stream().map(LakeFile::path).toList(),
                        rows,
                        written.stream().mapToLong(LakeFile::bytes).sum())
                : new FilesRefused(withNulls);
    }

    private String rewriteSql(Batch batch, List<LakeColumn> columns, String folder, String batchId) {
        Set<String> present = batch.columns().stream().map(LakeColumn::name).collect(Collectors.toSet());
        String select = columns.stream()
                .map(c -> "CAST(" + (present.contains(c.name()) ? SqlText.identifier(c.name()) : "NULL") + " AS "
                        + c.type() + ") AS " + SqlText.identifier(c.name()))
                .collect(Collectors.joining(", "));
        long schemas =
                batch.files().stream().map(f -> f.footer().schema()).distinct().count();
        List<String> order = Stream.concat(contract.partitionBy().stream(), contract.sortBy().stream())
                .toList();
        String layout = contract.partitionBy().isEmpty()
                ? "FILE_SIZE_BYTES " + targetFileBytes
                : "PARTITION_BY (" + SqlText.identifiers(contract.partitionBy()) + "), WRITE_PARTITION_COLUMNS true";
        return REWRITE.formatted(
                select,
                schemas > 1,
                order.isEmpty() ? "" : "ORDER BY " + SqlText.identifiers(order),
                SqlText.literal(folder),
                SqlText.literal(batchId + "-{i}"),
                layout);
    }

    private List<Refused> refusedForNulls(Batch batch, List<LakeFile> written) {
        Set<String> found = new HashSet<>();
        List<Refused> refused = new ArrayList<>();
        for (Column column : contract.columns()) {
            boolean hasNulls = column.required()
                    && !column.type().isNested()
                    && written.stream().anyMatch(f -> f.nullsByColumn().getOrDefault(column.name(), 0L) > 0);
            if (hasNulls) {
                new BadFiles(session, staging)
                        .withNulls(batch.files(), column.name()).stream()
                                .filter(file -> found.add(file.file().key()))
                                .forEach(refused::add);
            }
        }
        return refused;
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

    /** The lake's store has the data path as its root. */
    private String lakeKey(String address) {
        return address.substring(session.address().dataPath().length());
    }
}
