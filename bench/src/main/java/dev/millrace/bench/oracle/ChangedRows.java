package dev.millrace.bench.oracle;

import dev.millrace.lake.LakeSession;
import java.nio.file.Path;

/** The rows that analysts have deleted and updated, by their identity. Belongs to its session's thread. */
final class ChangedRows {
    static final String DELETES_UNDONE = """
            SELECT producer || ':' || sequence AS mistake FROM held SEMI JOIN deleted_row USING (producer, sequence)
            """;

    private static final String CHANGED = """
            CREATE OR REPLACE TEMP TABLE changed (change VARCHAR, producer VARCHAR, sequence BIGINT)
            """;
    private static final String ADD = "INSERT INTO changed SELECT ?, ?, unnest(?::BIGINT[])";
    private static final String DELETED_ROWS = """
            CREATE OR REPLACE TEMP TABLE deleted_row AS
            SELECT DISTINCT producer, sequence FROM changed WHERE change = 'DELETED'
            """;
    private static final String UPDATED_ROWS = """
            CREATE OR REPLACE TEMP TABLE updated_row AS
            SELECT DISTINCT producer, sequence, true AS is_updated FROM changed WHERE change = 'UPDATED'
            """;

    private final LakeSession session;

    ChangedRows(LakeSession session) {
        this.session = session;
    }

    void read(Path logs) {
        session.execute(CHANGED);
        ChangeLog.readAll(
                logs,
                changed -> session.execute(
                        ADD,
                        changed.change().name(),
                        changed.producer(),
                        changed.sequences().stream().map(String::valueOf).toList()));
        session.execute(DELETED_ROWS);
        session.execute(UPDATED_ROWS);
    }

    long deleted() {
        return session.queryLong("SELECT count(*) FROM deleted_row");
    }
}
