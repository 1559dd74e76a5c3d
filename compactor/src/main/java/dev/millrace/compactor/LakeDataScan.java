package dev.millrace.compactor;

import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoredObject;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * What stands under the lake's data path, held against the catalog.
 *
 * <p>Both go into tables of the engine's own memory, which spill to disk, so that the Java heap never holds more than a page or a
 * window. The catalog is read after the listing: what is registered meanwhile is known. Belongs to its session's thread.
 */
final class LakeDataScan {
    private static final String LISTED = """
            CREATE OR REPLACE TEMP TABLE lake_listed (key VARCHAR, folder VARCHAR, bytes BIGINT, made_at TIMESTAMPTZ)
            """;
    private static final String ADD_PAGE = """
            INSERT INTO lake_listed
            SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::BIGINT[]), unnest(?::TIMESTAMPTZ[])
            """;

    /** As the engine finds the files of a table; one that was renamed has a row for each of its names. */
    private static final String NAMED = """
            CREATE OR REPLACE TEMP TABLE %s AS
            WITH root AS (SELECT ?::VARCHAR AS path),
            place AS (
                SELECT DISTINCT t.table_id,
                    CASE WHEN t.path_is_relative
                        THEN CASE WHEN s.path_is_relative THEN root.path ELSE '' END || s.path ELSE '' END || t.path AS folder
                FROM __ducklake_metadata_lake.ducklake_table t
                JOIN __ducklake_metadata_lake.ducklake_schema s USING (schema_id), root),
            file AS (
                SELECT CASE WHEN f.path_is_relative THEN place.folder ELSE '' END || f.path AS address
                FROM __ducklake_metadata_lake.%s f LEFT JOIN place USING (table_id))
            SELECT starts_with(address, root.path) AS is_inside,
                regexp_replace(CASE WHEN is_inside THEN substr(address, length(root.path) + 1) ELSE address END,
                    '/+', '/', 'g') AS key
            FROM file, root
            """;

    private static final String SCHEDULED = """
            CREATE OR REPLACE TEMP TABLE lake_scheduled AS
            WITH root AS (SELECT ?::VARCHAR AS path),
            file AS (
                SELECT CASE WHEN path_is_relative THEN root.path ELSE '' END || f.path AS address
                FROM __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion f, root)
            SELECT starts_with(address, root.path) AS is_inside,
                regexp_replace(CASE WHEN is_inside THEN substr(address, length(root.path) + 1) ELSE address END,
                    '/+', '/', 'g') AS key
            FROM file, root
            """;
    private static final String CATALOG = """
            CREATE OR REPLACE TEMP TABLE lake_named AS
            SELECT key, bool_or(is_inside AND is_named) AS is_expected
            FROM (
                SELECT key, is_inside, true AS is_named FROM lake_data_files
                UNION ALL SELECT key, is_inside, true FROM lake_delete_files
                UNION ALL SELECT key, is_inside, false FROM lake_scheduled)
            GROUP BY key
            """;

    /**
     * A name that the catalog knows and that was not found where it says may be spelled in another way (a link, another case): a file
     * of that name is not taken for unknown.
     */
    private static final String UNKNOWN = """
            CREATE OR REPLACE TEMP TABLE lake_unknown AS
            WITH astray AS (
                SELECT DISTINCT lower(parse_filename(key)) AS name FROM lake_named ANTI JOIN lake_listed USING (key)
                WHERE key IS NOT NULL)
            SELECT row_number() OVER (PARTITION BY folder IS NULL ORDER BY key) AS position, key, folder, bytes, made_at
            FROM (
                SELECT key, any_value(folder) AS folder, max(bytes) AS bytes, max(made_at) AS made_at
                FROM lake_listed ANTI JOIN lake_named USING (key)
                GROUP BY key)
            WHERE lower(parse_filename(key)) NOT IN (FROM astray)
            """;

    private static final String TOTALS = """
            WITH here AS (SELECT DISTINCT key, folder, bytes FROM lake_listed),
            foreign_file AS (SELECT key FROM lake_unknown WHERE folder IS NULL)
            SELECT (SELECT count(*) FROM here ANTI JOIN foreign_file USING (key)),
                (SELECT coalesce(sum(bytes), 0)::BIGINT FROM here ANTI JOIN foreign_file USING (key)),
                (SELECT count(*) FROM foreign_file),
                (SELECT count(*) FROM lake_named WHERE is_expected),
                (SELECT count(*) FROM lake_named SEMI JOIN here USING (key) WHERE is_expected),
                (SELECT count(*) FROM (FROM lake_data_files UNION ALL FROM lake_delete_files) WHERE key IS NULL)
            """;
    private static final String WINDOW = """
            SELECT key, folder, bytes, made_at FROM lake_unknown
            WHERE folder IS NOT NULL AND position > ? AND position <= ? ORDER BY position
            """;

    private final LakeSession session;
    private final ObjectStore lakeData;
    private int engineNumber;
    private long otherFiles;
    private long passed;

    LakeDataScan(LakeSession session, ObjectStore lakeData) {
        this.session = session;
        this.lakeData = lakeData;
    }

    /** Lists all of it. */
    void list(LakeFolders folders) {
        engineNumber = session.engineNumber();
        otherFiles = 0;
        session.execute(LISTED);
        lakeData.list("", page -> add(page, folders));
    }

    private void add(List<StoredObject> page, LakeFolders folders) {
        List<LakeFileName> files = page.stream()
                .filter(object -> LakeFileName.isParquet(object.key()))
                .map(LakeFileName::of)
                .toList();
        otherFiles += page.size() - files.size();
        if (!files.isEmpty()) {
            requireSameEngine();
            session.execute(
                    ADD_PAGE,
                    files.stream().map(file -> file.object().key()).toList(),
                    files.stream()
                            .map(file ->
                                    folders.datasetFolder(file.object().key()).orElse(null))
                            .toList(),
                    files.stream()
                            .map(file -> Long.toString(file.object().sizeBytes()))
                            .toList(),
                    files.stream().map(file -> file.madeAt().toString()).toList());
        }
    }

    /**
     * Subtracts what the catalog names now. A file goes from the rows of files to the list of files to delete and never back, so it is
     * found in one of them when they are read in this order, also where that is not one snapshot, as on SQLite.
     */
    LakeData subtractCatalog() {
        requireSameEngine();
        String root = session.address().dataPath();
        session.execute(NAMED.formatted("lake_data_files", "ducklake_data_file"), root);
        session.execute(NAMED.formatted("lake_delete_files", "ducklake_delete_file"), root);
        session.execute(SCHEDULED, root);
        session.execute(CATALOG);
        session.execute(UNKNOWN);
        rewind();
        return session.queryOne(
                        TOTALS,
                        row -> new LakeData(
                                new FileCount(row.getLong(1), row.getLong(2)),
                                row.getLong(3),
                                otherFiles,
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6)))
                .orElseThrow();
    }

    /** Begins with the first window again. */
    void rewind() {
        passed = 0;
    }

    /** The next unknown files of datasets, {@code count} at most; empty when there are no more. */
    List<UnknownFile> nextWindow(int count) {
        requireSameEngine();
        List<UnknownFile> window = session.query(
                WINDOW,
                row -> new UnknownFile(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getObject(4, OffsetDateTime.class).toInstant()),
                passed,
                passed + count);
        passed += count;
        return window;
    }

    private void requireSameEngine() {
        if (engineNumber != session.engineNumber()) {
            throw new LakeException("the engine was started anew while orphans of the lake "
                    + session.address().dataPath()
                    + " were looked for; what is left of them goes with the next 'millrace compact'");
        }
    }
}
