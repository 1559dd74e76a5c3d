package dev.millrace.lake;

import java.util.List;

/**
 * The pipeline's own tables in the lake: schema {@code millrace}, always inlined in the catalog database.
 *
 * <p>A condition on one of their columns is written on an expression of it, as {@code dataset || '' = ?}, wherever runs meet it: with the column
 * alone the engine asks the catalog for the statistics of files, of which these tables have none, and reads those of all files of all datasets to
 * find that out (DuckLake d8a1881e: 0.1 s for each statement in a SQLite catalog of 10,000 files with five columns).
 */
public final class PipelineTables {
    /** The version of the tables that this build reads and writes. */
    public static final int VERSION = 5;

    /** The oldest version that {@link #install} brings to this one. */
    private static final int OLDEST_VERSION = 2;

    private static final List<String> CREATE =
            List.of("CREATE TABLE lake.millrace.version (version INTEGER)", """
            CREATE TABLE lake.millrace.lease (
                dataset VARCHAR, activity VARCHAR, token BIGINT, holder VARCHAR, run_id VARCHAR,
                taken_at TIMESTAMPTZ, expires_at TIMESTAMPTZ, deaths INTEGER)
            """, """
            CREATE TABLE lake.millrace.ledger (
                dataset VARCHAR, staged_key VARCHAR, staged_bytes BIGINT, staged_at TIMESTAMPTZ,
                status VARCHAR, rows BIGINT, reason VARCHAR, message VARCHAR,
                batch_id VARCHAR, run_id VARCHAR, decided_at TIMESTAMPTZ,
                row_hash VARCHAR, footer_id VARCHAR, changed_at TIMESTAMPTZ, changed_by VARCHAR)
            """, """
            CREATE TABLE lake.millrace.run (
                run_id VARCHAR, parent_run_id VARCHAR, worker VARCHAR, activity VARCHAR, dataset VARCHAR,
                started_at TIMESTAMPTZ, ended_at TIMESTAMPTZ, outcome VARCHAR,
                files BIGINT, rows BIGINT, bytes BIGINT, quarantined_files BIGINT, commits BIGINT, retries BIGINT,
                retry_wait_ms BIGINT, retry_reasons VARCHAR, error VARCHAR)
            """);

    /** What a lake of version 2 does not have. */
    private static final List<String> CREATE_SINCE_VERSION_3 = List.of("""
            CREATE TABLE lake.millrace.step (
                step_id VARCHAR, run_id VARCHAR, dataset VARCHAR, action VARCHAR,
                files_before BIGINT, files_after BIGINT, bytes_before BIGINT, bytes_after BIGINT, rows BIGINT,
                committed_at TIMESTAMPTZ, elapsed_ms BIGINT, deleted_rows BIGINT, foreign_rows BIGINT)
            """, """
            CREATE TABLE lake.millrace.pin (
                pin_id VARCHAR, snapshot_id BIGINT, note VARCHAR,
                pinned_at TIMESTAMPTZ, pinned_by VARCHAR, expires_at TIMESTAMPTZ)
            """);

    /** What the ledger of an earlier version does not have. */
    private static final List<String> ALTER_LEDGER_SINCE_VERSION_4 = List.of(
            "ALTER TABLE lake.millrace.ledger ADD COLUMN row_hash VARCHAR",
            "ALTER TABLE lake.millrace.ledger ADD COLUMN footer_id VARCHAR",
            "ALTER TABLE lake.millrace.ledger ADD COLUMN changed_at TIMESTAMPTZ",
            "ALTER TABLE lake.millrace.ledger ADD COLUMN changed_by VARCHAR");

    /** What the steps of version 3 do not have. */
    private static final List<String> ALTER_STEP_SINCE_VERSION_4 = List.of(
            "ALTER TABLE lake.millrace.step ADD COLUMN deleted_rows BIGINT",
            "ALTER TABLE lake.millrace.step ADD COLUMN foreign_rows BIGINT");

    /** What a lake of an earlier version does not have. */
    private static final List<String> CREATE_SINCE_VERSION_5 = List.of("""
            CREATE TABLE lake.millrace.mode (
                dataset VARCHAR, mode VARCHAR, key_columns VARCHAR, version_column VARCHAR, delete_marker VARCHAR)
            """, """
            CREATE TABLE lake.millrace.upsert (
                batch_id VARCHAR, run_id VARCHAR, dataset VARCHAR, staged_rows BIGINT, written_rows BIGINT,
                replaced_rows BIGINT, dropped_rows BIGINT, delete_rows BIGINT, deleted_rows BIGINT,
                rewritten_files BIGINT, kept_rows BIGINT, committed_at TIMESTAMPTZ)
            """, """
            CREATE TABLE lake.millrace.evolution (
                run_id VARCHAR, dataset VARCHAR, change VARCHAR, subject VARCHAR, type VARCHAR, former_name VARCHAR,
                brought_by VARCHAR, committed_at TIMESTAMPTZ, ledger_until TIMESTAMPTZ)
            """);

    /** High enough that no insert of the pipeline leaves the catalog database for a Parquet file. */
    static final String ALWAYS_INLINE =
            "CALL lake.set_option('data_inlining_row_limit', 1000000000, schema => 'millrace')";

    private static final List<String> NAMES =
            List.of("version", "lease", "ledger", "run", "step", "pin", "mode", "upsert", "evolution");

    private static final String PRESENT = """
            SELECT table_name FROM duckdb_tables() WHERE database_name = 'lake' AND schema_name = 'millrace'
            """;

    private static final String SCHEMA_IS_THERE = """
            SELECT count(*) > 0 FROM duckdb_schemas() WHERE database_name = 'lake' AND schema_name = 'millrace'
            """;

    private static final String TABLES_ARE_THERE = """
            SELECT count(*) > 0 FROM duckdb_tables()
            WHERE database_name = 'lake' AND schema_name = 'millrace' AND table_name = 'version'
            """;

    private static final String IS_UPGRADED = "SELECT max(version) = " + VERSION + " FROM lake.millrace.version";

    private PipelineTables() {}

    /**
     * Makes the tables in a lake that does not have them, and those that are new in one of an earlier version; a lake that has them is left
     * as it is. Two at once are no harm: one of them meets a conflict, tries again and finds them there.
     */
    public static void install(LakeSession session) {
        if (areInstalled(session)) {
            if (isUpgradable(version(session))) {
                upgrade(session);
            }
            require(session);
            return;
        }
        // The engine sets no options of what the same transaction makes, so the schema and its option come first.
        commit(session, "making the schema of the pipeline's tables", SCHEMA_IS_THERE, () -> {
            session.execute("CREATE SCHEMA IF NOT EXISTS lake.millrace");
        });
        commit(
                session,
                "setting the options of the pipeline's tables",
                "SELECT false",
                () -> session.execute(ALWAYS_INLINE));
        commit(session, "making the pipeline's tables", TABLES_ARE_THERE, () -> {
            if (!areInstalled(session)) {
                CREATE.forEach(session::execute);
                CREATE_SINCE_VERSION_3.forEach(session::execute);
                CREATE_SINCE_VERSION_5.forEach(session::execute);
                session.execute("INSERT INTO lake.millrace.version VALUES (?)", VERSION);
            }
        });
        // Options are read when the lake is attached.
        session.reconnect();
        require(session);
    }

    private static void upgrade(LakeSession session) {
        commit(session, "upgrading the pipeline's tables", IS_UPGRADED, () -> {
            long version = version(session);
            if (isUpgradable(version)) {
                if (version < 4) {
                    (version == OLDEST_VERSION ? CREATE_SINCE_VERSION_3 : ALTER_STEP_SINCE_VERSION_4)
                            .forEach(session::execute);
                    ALTER_LEDGER_SINCE_VERSION_4.forEach(session::execute);
                }
                CREATE_SINCE_VERSION_5.forEach(session::execute);
                session.execute("UPDATE lake.millrace.version SET version = ?", VERSION);
            }
        });
    }

    private static boolean isUpgradable(long version) {
        return version >= OLDEST_VERSION && version < VERSION;
    }

    private static long version(LakeSession session) {
        return session.queryLong("SELECT max(version) FROM lake.millrace.version");
    }

    private static void commit(LakeSession session, String doing, String isDone, Runnable statements) {
        CommitRetry.STANDARD.run(
                session,
                doing,
                () -> {
                    statements.run();
                    return true;
                },
                () -> session.queryOne(isDone, row -> row.getBoolean(1)).filter(done -> done));
    }

    /**
     * Checks that the tables are there and of this build's version.
     *
     * @throws LakeException when not; says what to run
     */
    public static void require(LakeSession session) {
        String catalog = session.address().catalog().description();
        if (!areInstalled(session)) {
            throw new LakeException("the lake " + catalog + " has no Millrace tables yet; run 'millrace init'");
        }
        long version = version(session);
        if (version != VERSION) {
            throw new LakeException("the Millrace tables of " + catalog + " have version " + version
                    + ", this program works with version " + VERSION
                    + (isUpgradable(version)
                            ? "; run 'millrace init', which makes what is missing and leaves the rest as it is"
                            : "; use the program that goes with them, or upgrade"));
        }
    }

    /** Those of the tables that are not there; all of them are in a lake that {@code init} has made. */
    public static List<String> missing(LakeSession session) {
        List<String> present = session.query(PRESENT, row -> row.getString(1));
        return NAMES.stream().filter(name -> !present.contains(name)).toList();
    }

    private static boolean areInstalled(LakeSession session) {
        return session.queryOne(TABLES_ARE_THERE, row -> row.getBoolean(1)).orElseThrow();
    }
}
