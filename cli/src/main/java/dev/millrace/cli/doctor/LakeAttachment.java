package dev.millrace.cli.doctor;

import dev.millrace.lake.LakeSession;
import java.util.function.Supplier;

/** Whether the lake can be attached under its name, with the data path that is configured. */
final class LakeAttachment implements Check {
    private static final String ATTACHED = """
            SELECT type FROM duckdb_databases() WHERE database_name = 'lake'
            """;
    private static final String FACTS = """
            SELECT
                max(value) FILTER (key = 'version'),
                (SELECT count(*) FROM __ducklake_metadata_lake.ducklake_snapshot)
            FROM __ducklake_metadata_lake.ducklake_metadata
            """;

    private final Supplier<LakeSession> opening;
    private final Opened<LakeSession> opened;

    LakeAttachment(Supplier<LakeSession> opening, Opened<LakeSession> opened) {
        this.opening = opening;
        this.opened = opened;
    }

    @Override
    public Finding look() throws Exception {
        LakeSession session = opened.keep(opening.get());
        String type = session.queryOne(ATTACHED, row -> row.getString(1)).orElse("nothing");
        if (!type.equals("ducklake")) {
            return Finding.failed(
                    "'" + LakeSession.ALIAS + "' is " + type + " in the session, not a DuckLake",
                    "set lake.catalog to a DuckLake catalog");
        }
        return session.queryOne(
                        FACTS,
                        row -> Finding.ok(session.address().catalog().description() + " as '" + LakeSession.ALIAS
                                + "', data path " + session.address().dataPath() + ", DuckLake format "
                                + row.getString(1) + ", snapshots: " + row.getLong(2)))
                .orElseThrow();
    }
}
