package dev.millrace.lake;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Lake files of a dataset that no snapshot has ended yet, as the catalog describes them. */
public record LiveFiles(List<File> files, long columnsSince) {
    private static final String FIND = """
        SELECT data_file_id, path, record_count, coalesce(partition_id, -1), begin_snapshot, mapping_id IS NOT NULL
        FROM __ducklake_metadata_lake.ducklake_data_file
        WHERE table_id = ? AND end_snapshot IS NULL AND path_is_relative AND path IN (SELECT unnest(?::VARCHAR[]))
        """;

    /** What the engine takes for a pattern, or S3 for a question. */
    private static final Pattern PLAIN = Pattern.compile("[^*?\\[\\]{}]*");

    private static final long NO_PARTITION = -1;

    /**
     * A file.
     *
     * @param rows that were written to it, deleted ones too
     * @param isByName whether its columns are found by their names, as those of files that were registered
     */
    record File(long id, String path, long rows, long partitionId, long since, boolean isByName) {}

    public LiveFiles {
        files = List.copyOf(files);
    }

    /** Absent when one of them is not there any more. */
    static Optional<LiveFiles> find(LakeSession session, DatasetLayout layout, Collection<String> paths) {
        List<File> found = session.query(
                FIND,
                row -> new File(
                        row.getLong(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getBoolean(6)),
                layout.tableId(),
                paths);
        return found.size() == paths.size() ? Optional.of(new LiveFiles(found, layout.since())) : Optional.empty();
    }

    /**
     * Whether each of them has all of the dataset's columns, of the types that those have now and by their names, so that they can be read without
     * the catalog. For files of Millrace: what others have registered may be of other types.
     */
    public boolean areOfCurrentColumns() {
        return files.stream().allMatch(file -> file.isByName() && file.since() >= columnsSince && isPlain(file.path()));
    }

    /** Whether the engine, and S3, take a path for nothing but the name of one file. */
    static boolean isPlain(String path) {
        return PLAIN.matcher(path).matches();
    }

    boolean areOfPartition(OptionalLong partitionId) {
        return files.stream().allMatch(file -> file.partitionId() == partitionId.orElse(NO_PARTITION));
    }

    long rows() {
        return files.stream().mapToLong(File::rows).sum();
    }

    /** One of each folder. */
    Map<String, File> byFolder() {
        Map<String, File> folders = new HashMap<>();
        files.forEach(file -> folders.putIfAbsent(folderOf(file.path()), file));
        return folders;
    }

    static String folderOf(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }
}
