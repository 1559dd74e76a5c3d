package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.DatasetName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** DuckLake's options of a dataset's table. Belongs to its session's thread. */
public final class DatasetOptions {
    private static final String SET = "CALL lake.set_option(%s, %s, schema => %s, table_name => %s)";
    private static final String INLINING = "data_inlining_row_limit";
    private static final String INLINING_LIMIT = """
            SELECT value FROM __ducklake_metadata_lake.ducklake_metadata
            WHERE key = ? AND scope = 'table' AND scope_id = ?
            """;
    private static final String NOTHING_INLINED = "0";

    private static final Logger LOG = LoggerFactory.getLogger(DatasetOptions.class);

    private final LakeSession session;
    private final DatasetName dataset;

    public DatasetOptions(LakeSession session, DatasetName dataset) {
        this.session = session;
        this.dataset = dataset;
    }

    /** Sets those that a dataset of Millrace has. */
    void set() {
        set(INLINING, NOTHING_INLINED);
        set("parquet_compression", "'zstd'");
    }

    /**
     * Sees to it that nothing of the dataset is inlined in the catalog any more, where somebody has set DuckLake's option: an inlined delete
     * that meets a merge is lost silently, and of a file all of whose rows are deleted so nobody notes its end (measured, DuckLake d8a1881e).
     * Reconnects the session then.
     *
     * @throws LakeException when the dataset is not in the lake
     */
    public void endInlining() {
        boolean isInlined = session.queryOne(
                        INLINING_LIMIT, row -> row.getString(1), INLINING, new DatasetTable(session, dataset).id())
                .filter(limit -> !limit.equals(NOTHING_INLINED))
                .isPresent();
        if (isInlined) {
            LOG.warn(
                    "dataset '{}': {} is set to 0, since a merge can lose deletes that are inlined", dataset, INLINING);
            set(INLINING, NOTHING_INLINED);
            // Options are read when the lake is attached.
            session.reconnect();
        }
    }

    private void set(String name, String value) {
        session.execute(SET.formatted(
                SqlText.literal(name), value, SqlText.literal(dataset.schema()), SqlText.literal(dataset.table())));
    }
}
