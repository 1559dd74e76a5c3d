package dev.millrace.ingester.migration;

import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import java.util.List;

/** The lake files that make up a dataset now, as the catalog has them. */
final class SourceFiles {
    private static final String FILES = """
            SELECT f.path, f.path_is_relative, f.record_count, coalesce(d.deleted, 0), f.file_size_bytes,
                f.begin_snapshot >= (
                    SELECT max(greatest(begin_snapshot, coalesce(end_snapshot, 0)))
                    FROM __ducklake_metadata_lake.ducklake_column WHERE table_id = ?)
            FROM __ducklake_metadata_lake.ducklake_data_file f
            LEFT JOIN (
                SELECT data_file_id, sum(delete_count)::BIGINT AS deleted
                FROM __ducklake_metadata_lake.ducklake_delete_file
                WHERE table_id = ? AND end_snapshot IS NULL GROUP BY data_file_id
            ) d USING (data_file_id)
            WHERE f.table_id = ? AND f.end_snapshot IS NULL ORDER BY f.data_file_id
            """;

    private record Row(SourceFile file, boolean isRelative) {}

    private SourceFiles() {}

    /**
     * Reads them.
     *
     * @throws LakeException when some of the dataset's rows are not in files of its folder, or deleted otherwise than by delete files
     */
    static List<SourceFile> of(LakeSession session, DatasetName dataset) {
        DatasetTable table = new DatasetTable(session, dataset);
        long id = table.id();
        List<Row> rows = session.query(
                FILES,
                row -> new Row(
                        new SourceFile(
                                row.getString(1), row.getLong(3), row.getLong(4), row.getLong(5), row.getBoolean(6)),
                        row.getBoolean(2)),
                id,
                id,
                id);
        rows.stream().filter(row -> !row.isRelative()).findFirst().ifPresent(row -> {
            throw new LakeException(
                    "dataset '" + dataset + "': the lake file " + row.file().path() + " is not in " + table.folder()
                            + "; run 'millrace compact --full', which writes it anew there, and try again");
        });
        List<SourceFile> files = rows.stream().map(Row::file).toList();
        long live = files.stream().mapToLong(SourceFile::liveRows).sum();
        long found = session.queryLong("SELECT count(*) FROM " + table.sqlName());
        if (live != found) {
            throw new LakeException(
                    "dataset '" + dataset + "': its files have " + live + " rows and a query finds " + found
                            + ": some rows or deletes are inlined in the catalog. Run 'millrace compact', which writes them to files,"
                            + " see what 'millrace doctor' says, and try again");
        }
        return files;
    }
}
