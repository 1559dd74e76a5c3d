package dev.millrace.lake;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BinaryOperator;

/**
 * What the catalog says of a column of one lake file: what its footer says, as {@code ducklake_add_data_files} takes it over (DuckLake d8a1881e).
 *
 * @param bytes that the column takes in the file
 * @param values those that are not NULL; absent where a footer does not tell
 * @param nulls those that are
 * @param min the smallest, in the engine's spelling; absent where a footer does not tell
 */
record FileStatistics(long bytes, OptionalLong values, OptionalLong nulls, Optional<String> min, Optional<String> max) {
    private static final String FOOTERS = """
        SELECT file_name, column_id, path_in_schema, num_values, stats_null_count, coalesce(stats_min, stats_min_value),
            coalesce(stats_max, stats_max_value), total_compressed_size
        FROM parquet_metadata(?) ORDER BY file_name, column_id, row_group_id
        """;

    private record Place(String path, int column, String name) {}

    private record RowGroup(
            Place place,
            OptionalLong values,
            OptionalLong nulls,
            Optional<String> min,
            Optional<String> max,
            long bytes) {}

    /** For files of one value in a column, which is told by their folder. */
    static FileStatistics ofPartition(long rows, Optional<String> value) {
        return new FileStatistics(
                0,
                OptionalLong.of(value.isPresent() ? rows : 0),
                OptionalLong.of(value.isPresent() ? 0 : rows),
                value,
                value);
    }

    /**
     * Reads footers.
     *
     * @param columns of the files, in their order
     * @return for each file its columns, in that order; nothing for a file of other columns
     */
    static Map<String, List<FileStatistics>> read(
            LakeSession session, List<String> paths, List<DatasetLayout.Column> columns) {
        Map<Place, List<RowGroup>> groups = new HashMap<>();
        for (RowGroup group : session.query(FOOTERS, FileStatistics::rowGroup, paths)) {
            groups.computeIfAbsent(group.place(), place -> new ArrayList<>()).add(group);
        }
        Map<String, List<FileStatistics>> files = new HashMap<>();
        for (String path : paths) {
            List<FileStatistics> statistics = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                List<RowGroup> ofColumn =
                        groups.get(new Place(path, i, columns.get(i).name()));
                if (ofColumn != null) {
                    statistics.add(of(ofColumn, columns.get(i).kind()));
                }
            }
            if (statistics.size() == columns.size()) {
                files.put(path, statistics);
            }
        }
        return files;
    }

    private static RowGroup rowGroup(ResultSet row) throws SQLException {
        return new RowGroup(
                new Place(row.getString(1), row.getInt(2), row.getString(3)),
                count(row.getObject(4)),
                count(row.getObject(5)),
                Optional.ofNullable(row.getString(6)),
                Optional.ofNullable(row.getString(7)),
                row.getLong(8));
    }

    private static OptionalLong count(Object number) {
        return number instanceof Number known && known.longValue() >= 0
                ? OptionalLong.of(known.longValue())
                : OptionalLong.empty();
    }

    private static FileStatistics of(List<RowGroup> groups, ColumnBounds.Kind kind) {
        OptionalLong all = sum(groups.stream().map(RowGroup::values).toList());
        OptionalLong nulls = sum(groups.stream().map(RowGroup::nulls).toList());
        boolean areCounted = all.isPresent() && nulls.isPresent() && nulls.getAsLong() <= all.getAsLong();
        return new FileStatistics(
                groups.stream().mapToLong(RowGroup::bytes).sum(),
                areCounted ? OptionalLong.of(all.getAsLong() - nulls.getAsLong()) : OptionalLong.empty(),
                areCounted ? nulls : OptionalLong.empty(),
                bound(groups.stream().map(RowGroup::min).toList(), (a, b) -> kind.compare(b, a) < 0 ? b : a),
                bound(groups.stream().map(RowGroup::max).toList(), (a, b) -> kind.compare(b, a) > 0 ? b : a));
    }

    private static OptionalLong sum(List<OptionalLong> counts) {
        return counts.stream().allMatch(OptionalLong::isPresent)
                ? OptionalLong.of(
                        counts.stream().flatMapToLong(OptionalLong::stream).sum())
                : OptionalLong.empty();
    }

    private static Optional<String> bound(List<Optional<String>> bounds, BinaryOperator<String> further) {
        return bounds.stream().allMatch(Optional::isPresent)
                ? bounds.stream().map(Optional::orElseThrow).reduce(further)
                : Optional.empty();
    }
}
