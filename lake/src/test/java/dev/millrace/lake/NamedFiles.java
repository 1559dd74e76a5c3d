package dev.millrace.lake;

import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoredObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The files that a catalog names, of all of its snapshots, held against the store. Belongs to its session's thread. */
public final class NamedFiles {
    private static final String FILES = """
            SELECT s.path || t.path || f.path, f.file_size_bytes, f.kind
            FROM (
                SELECT table_id, path, file_size_bytes, 'data' AS kind
                FROM __ducklake_metadata_lake.ducklake_data_file WHERE path_is_relative
                UNION ALL
                SELECT table_id, path, file_size_bytes, 'deletes'
                FROM __ducklake_metadata_lake.ducklake_delete_file WHERE path_is_relative) f
            JOIN __ducklake_metadata_lake.ducklake_table t ON t.table_id = f.table_id AND t.end_snapshot IS NULL
            JOIN __ducklake_metadata_lake.ducklake_schema s ON s.schema_id = t.schema_id AND s.end_snapshot IS NULL
            """;
    private static final String ABSOLUTE = """
            SELECT count(*) FROM __ducklake_metadata_lake.ducklake_data_file WHERE NOT path_is_relative
            """;

    private record File(String key, long bytes, String kind) {}

    private final LakeSession session;
    private final ObjectStore lakeData;

    public NamedFiles(LakeSession session, ObjectStore lakeData) {
        this.session = session;
        this.lakeData = lakeData;
    }

    /** What is wrong: a file that is missing, that has another size, or that the catalog names twice. Empty when all is well. */
    public Set<String> problems() {
        Set<String> problems = new HashSet<>();
        long elsewhere = session.queryLong(ABSOLUTE);
        if (elsewhere > 0) {
            problems.add(elsewhere + " files outside of the lake's data path");
        }
        Map<String, Long> stored = stored();
        Set<File> seen = new HashSet<>();
        for (File file : files()) {
            Long bytes = stored.get(file.key());
            if (bytes == null) {
                problems.add(file + " is missing");
            } else if (bytes != file.bytes()) {
                problems.add(file + " has " + bytes + " bytes");
            }
            if (!seen.add(file)) {
                problems.add(file + " is named twice");
            }
        }
        return problems;
    }

    /** How many there are. */
    public int count() {
        return files().size();
    }

    private List<File> files() {
        return session.query(FILES, row -> new File(row.getString(1), row.getLong(2), row.getString(3)));
    }

    private Map<String, Long> stored() {
        Map<String, Long> stored = new HashMap<>();
        for (String schema : List.of("main/", "millrace_deleted/")) {
            lakeData.list(schema, page -> page.forEach(object -> put(stored, object)));
        }
        return stored;
    }

    private static void put(Map<String, Long> stored, StoredObject object) {
        stored.put(object.key(), object.sizeBytes());
    }
}
