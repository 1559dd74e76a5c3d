package dev.millrace.bench.oracle;

import dev.millrace.lake.LakeSession;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoredObject;
import java.util.List;

/** The files that a catalog names, of all of its snapshots, beside those that the store has. Belongs to its session's thread. */
final class NamedFiles {
    static final String DANGLING = """
            SELECT address AS mistake FROM named ANTI JOIN stored USING (address)
            """;
    static final String WRONGLY_SIZED = """
            SELECT address || ' (' || stored.bytes || ' instead of ' || named.bytes || ' bytes)' AS mistake
            FROM named JOIN stored USING (address) WHERE stored.bytes <> named.bytes
            """;
    static final String NAMED_TWICE = """
            SELECT address AS mistake FROM named GROUP BY address HAVING count(*) > 1
            """;

    /** A table that was renamed has a row for each of its names. */
    private static final String NAMED = """
            CREATE OR REPLACE TEMP TABLE named AS
            WITH place AS (
                SELECT DISTINCT t.table_id,
                    CASE WHEN t.path_is_relative THEN CASE WHEN s.path_is_relative THEN ? ELSE '' END || s.path ELSE '' END
                        || t.path AS folder
                FROM __ducklake_metadata_lake.ducklake_table t
                JOIN __ducklake_metadata_lake.ducklake_schema s USING (schema_id)),
            file AS (
                SELECT table_id, path, path_is_relative, file_size_bytes
                FROM __ducklake_metadata_lake.ducklake_data_file
                UNION ALL
                SELECT table_id, path, path_is_relative, file_size_bytes
                FROM __ducklake_metadata_lake.ducklake_delete_file)
            SELECT CASE WHEN path_is_relative THEN folder ELSE '' END || path AS address, file_size_bytes AS bytes
            FROM file JOIN place USING (table_id)
            """;

    private static final String STORED = """
            CREATE OR REPLACE TEMP TABLE stored (address VARCHAR, bytes BIGINT)
            """;
    private static final String ADD_PAGE = """
            INSERT INTO stored SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[])
            """;

    private final LakeSession session;
    private final ObjectStore lakeData;

    NamedFiles(LakeSession session, ObjectStore lakeData) {
        this.session = session;
        this.lakeData = lakeData;
    }

    /** Reads both sides into the tables that the queries above are about. */
    void read() {
        session.execute(NAMED, session.address().dataPath());
        session.execute(STORED);
        lakeData.list("", this::add);
    }

    private void add(List<StoredObject> page) {
        session.execute(
                ADD_PAGE,
                page.stream().map(object -> lakeData.address(object.key())).toList(),
                page.stream().map(object -> Long.toString(object.sizeBytes())).toList());
    }
}
