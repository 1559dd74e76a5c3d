package dev.millrace.lake;

import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.sql.SqlText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Written lake files and those that they are to replace, with what the catalog has to know of them.
 *
 * @param inputs the files that end
 */
record NewLakeFiles(DatasetLayout layout, LiveFiles inputs, List<Output> outputs) {
    private static final String PARTITION_VALUES = """
        SELECT data_file_id, partition_key_index, partition_value FROM ducklake_file_partition_value
        WHERE table_id = %d AND data_file_id IN (%s)\
        """;
    private static final String FOOTER_SIZES = "SELECT file_name, num_rows, footer_size FROM parquet_file_metadata(?)";
    private static final String MAPPINGS = """
        SELECT m.mapping_id, n.source_name, n.target_field_id, n.parent_column, n.is_partition
        FROM ducklake_column_mapping m JOIN ducklake_name_mapping n ON n.mapping_id = m.mapping_id
        WHERE m.table_id = %d AND m.type = 'map_by_name' ORDER BY m.mapping_id, n.column_id\
        """;

    private static final String INSERT_FILES = """
        INSERT INTO ducklake_data_file (data_file_id, table_id, begin_snapshot, path, path_is_relative, file_format,
            record_count, file_size_bytes, footer_size, row_id_start, partition_id, mapping_id)
        VALUES %s\
        """;
    private static final String INSERT_STATISTICS = """
        INSERT INTO ducklake_file_column_stats (data_file_id, table_id, column_id, column_size_bytes, value_count,
            null_count, min_value, max_value)
        VALUES %s\
        """;
    private static final String INSERT_PARTITION_VALUES = """
        INSERT INTO ducklake_file_partition_value (data_file_id, table_id, partition_key_index, partition_value)
        VALUES %s\
        """;
    private static final String INSERT_MAPPING =
            "INSERT INTO ducklake_column_mapping (mapping_id, table_id, type) VALUES (%d, %d, 'map_by_name')";
    private static final String INSERT_NAMES = """
        INSERT INTO ducklake_name_mapping (mapping_id, column_id, source_name, target_field_id, is_partition)
        VALUES %s\
        """;

    /**
     * A written file.
     *
     * @param path below the dataset's folder
     * @param partition its values by their place; an absent one is NULL
     * @param statistics of the layout's columns
     */
    record Output(
            String path,
            long rows,
            long bytes,
            long footerBytes,
            Map<Long, Optional<String>> partition,
            List<FileStatistics> statistics) {}

    /** The statements that make the catalog know the written files, and the number that is free after them. */
    record Rows(List<String> statements, long nextFileId) {}

    private record Footer(long rows, long bytes) {}

    /** Absent where the engine has to do it. */
    static Optional<NewLakeFiles> of(
            LakeSession session, DatasetLayout layout, LiveFiles inputs, String folder, List<WrittenFile> written) {
        if (written.isEmpty() || !inputs.areOfPartition(layout.partitionId())) {
            return Optional.empty();
        }
        Map<String, LiveFiles.File> byFolder = inputs.byFolder();
        List<String> paths = written.stream().map(WrittenFile::path).toList();
        Map<String, Footer> footers = new HashMap<>();
        session.query(
                FOOTER_SIZES, row -> footers.put(row.getString(1), new Footer(row.getLong(2), row.getLong(3))), paths);
        Map<Long, Map<Long, Optional<String>>> partitions = partitions(session, layout, byFolder.values());
        List<Output> outputs = new ArrayList<>();
        try {
            Map<String, List<FileStatistics>> statistics = FileStatistics.read(session, paths, layout.columns());
            for (WrittenFile file : written) {
                String path = file.path().substring(folder.length());
                LiveFiles.File sibling = byFolder.get(LiveFiles.folderOf(path));
                Footer footer = footers.get(file.path());
                if (!file.path().startsWith(folder)
                        || footer == null
                        || footer.rows() != file.rows()
                        || !statistics.containsKey(file.path())
                        || (sibling == null && layout.partitionId().isPresent())) {
                    return Optional.empty();
                }
                outputs.add(new Output(
                        path,
                        file.rows(),
                        file.bytes(),
                        footer.bytes(),
                        sibling == null ? Map.of() : partitions.getOrDefault(sibling.id(), Map.of()),
                        statistics.get(file.path())));
            }
        } catch (NumberFormatException e) {
            // A number that only the engine compares, such as an infinite one.
            return Optional.empty();
        }
        long keys = layout.columns().stream()
                .filter(column -> column.partitionKey().isPresent())
                .count();
        return Optional.of(new NewLakeFiles(layout, inputs, outputs)).filter(files -> outputs.stream()
                .allMatch(output -> output.partition().size() == keys));
    }

    /** The values of some files by their places. */
    private static Map<Long, Map<Long, Optional<String>>> partitions(
            LakeSession session, DatasetLayout layout, Collection<LiveFiles.File> files) {
        Map<Long, Map<Long, Optional<String>>> partitions = new HashMap<>();
        if (layout.partitionId().isPresent()) {
            String ids = files.stream().map(file -> Long.toString(file.id())).collect(Collectors.joining(", "));
            for (List<String> row :
                    new CatalogStatements(session).query(PARTITION_VALUES.formatted(layout.tableId(), ids))) {
                partitions
                        .computeIfAbsent(Long.parseLong(row.get(0)), id -> new TreeMap<>())
                        .put(Long.parseLong(row.get(1)), Optional.ofNullable(row.get(2)));
            }
        }
        return partitions;
    }

    long outputRows() {
        return outputs.stream().mapToLong(Output::rows).sum();
    }

    long outputBytes() {
        return outputs.stream().mapToLong(Output::bytes).sum();
    }

    List<String> outputPaths() {
        return outputs.stream().map(Output::path).toList();
    }

    /** Inside of the transaction: the files are read by the names of their columns, as those are that the engine has registered. */
    Rows rows(CatalogStatements catalog, long snapshot, long nextFileId, long nextRowId) {
        List<String> statements = new ArrayList<>();
        long fileId = nextFileId;
        OptionalLong known = mapping(catalog);
        long mapping = known.orElse(fileId);
        if (known.isEmpty()) {
            statements.add(INSERT_MAPPING.formatted(mapping, layout.tableId()));
            statements.add(INSERT_NAMES.formatted(names(mapping)));
            fileId++;
        }
        List<String> files = new ArrayList<>();
        List<String> statistics = new ArrayList<>();
        List<String> values = new ArrayList<>();
        long rowId = nextRowId;
        for (Output output : outputs) {
            files.add(tuple(
                    fileId,
                    layout.tableId(),
                    snapshot,
                    SqlText.literal(output.path()),
                    "true",
                    "'parquet'",
                    output.rows(),
                    output.bytes(),
                    output.footerBytes(),
                    rowId,
                    layout.partitionId().isPresent() ? layout.partitionId().getAsLong() : "NULL",
                    mapping));
            for (int i = 0; i < layout.columns().size(); i++) {
                DatasetLayout.Column column = layout.columns().get(i);
                FileStatistics of = column.partitionKey().isPresent()
                        ? FileStatistics.ofPartition(
                                output.rows(),
                                output.partition().get(column.partitionKey().getAsLong()))
                        : output.statistics().get(i);
                statistics.add(tuple(
                        fileId,
                        layout.tableId(),
                        column.id(),
                        of.bytes(),
                        number(of.values()),
                        number(of.nulls()),
                        text(of.min()),
                        text(of.max())));
            }
            for (Map.Entry<Long, Optional<String>> value : output.partition().entrySet()) {
                values.add(tuple(fileId, layout.tableId(), value.getKey(), text(value.getValue())));
            }
            rowId += output.rows();
            fileId++;
        }
        statements.add(INSERT_FILES.formatted(String.join(", ", files)));
        statements.add(INSERT_STATISTICS.formatted(String.join(", ", statistics)));
        if (!values.isEmpty()) {
            statements.add(INSERT_PARTITION_VALUES.formatted(String.join(", ", values)));
        }
        return new Rows(statements, fileId);
    }

    private String names(long mapping) {
        List<String> rows = new ArrayList<>();
        for (DatasetLayout.Column column : layout.columns()) {
            rows.add(tuple(
                    mapping,
                    rows.size(),
                    SqlText.literal(column.name()),
                    column.id(),
                    column.partitionKey().isPresent() ? "true" : "false"));
        }
        return String.join(", ", rows);
    }

    /** The mapping of other files of the very same columns. */
    private OptionalLong mapping(CatalogStatements catalog) {
        Map<Long, List<List<String>>> mappings = new TreeMap<>();
        for (List<String> row : catalog.query(MAPPINGS.formatted(layout.tableId()))) {
            mappings.computeIfAbsent(Long.parseLong(row.get(0)), id -> new ArrayList<>())
                    .add(row);
        }
        return mappings.entrySet().stream()
                .filter(entry -> isOfLayout(entry.getValue()))
                .mapToLong(Map.Entry::getKey)
                .findFirst();
    }

    private boolean isOfLayout(List<List<String>> names) {
        Map<String, DatasetLayout.Column> columns =
                layout.columns().stream().collect(Collectors.toMap(DatasetLayout.Column::name, column -> column));
        return names.size() == columns.size()
                && names.stream().allMatch(row -> {
                    DatasetLayout.Column column = columns.get(row.get(1));
                    return column != null
                            && column.id() == Long.parseLong(row.get(2))
                            && row.get(3) == null
                            && column.partitionKey().isPresent() == InlinedTable.isTrue(row.get(4));
                });
    }

    private static String tuple(Object... values) {
        return List.of(values).stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "NULL";
    }

    private static String text(Optional<String> text) {
        return text.map(SqlText::literal).orElse("NULL");
    }
}
