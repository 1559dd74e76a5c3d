package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Statements in the database of the catalog and in its own SQL, within the session's transaction: they use its indexes, where the engine would
 * read whole tables. On both kinds of catalog what is read is one snapshot of the database, and what is written commits or is refused as a
 * whole: PostgreSQL's isolation is "repeatable read", and SQLite refuses a writer that has read what another one has changed since. Belongs to its session's thread.
 */
final class CatalogStatements {
    private static final String QUERY_SQLITE = "SELECT * FROM sqlite_query('__ducklake_metadata_lake', ?)";
    private static final String QUERY_POSTGRES = "SELECT * FROM postgres_query('__ducklake_metadata_lake', ?)";
    private static final String EXECUTE_POSTGRES = "CALL postgres_execute('__ducklake_metadata_lake', ?)";

    /** The engine's function for SQLite takes one statement, and only one that returns something. */
    private static final String RETURNING = " RETURNING 1";

    private static final String TABLES_OF_SQLITE =
            "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = %s";
    private static final String TABLES_OF_POSTGRES = "SELECT count(*) AS n FROM pg_class WHERE oid = to_regclass(%s)";

    private final LakeSession session;
    private final boolean isPostgres;

    CatalogStatements(LakeSession session) {
        this.session = session;
        this.isPostgres = session.address().catalog() instanceof Catalog.PostgresCatalog;
    }

    /** The rows of a query, each value as a text; NULL is null. */
    List<List<String>> query(String sql) {
        return session.query(isPostgres ? QUERY_POSTGRES : QUERY_SQLITE, CatalogStatements::texts, sql);
    }

    private static List<String> texts(ResultSet row) throws SQLException {
        List<String> texts = new ArrayList<>();
        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
            texts.add(row.getString(column));
        }
        return Collections.unmodifiableList(texts);
    }

    /** A number that is there. */
    long number(String sql) {
        return Long.parseLong(query(sql).get(0).get(0));
    }

    boolean hasTable(String name) {
        return number((isPostgres ? TABLES_OF_POSTGRES : TABLES_OF_SQLITE).formatted(SqlText.literal(name))) > 0;
    }

    /** Runs statements that insert, update or delete, one after the other. */
    void execute(List<String> statements) {
        if (isPostgres) {
            session.execute(EXECUTE_POSTGRES, String.join(";\n", statements));
        } else {
            statements.forEach(statement -> query(statement + RETURNING));
        }
    }

    /** A text as the engine inlines it: PostgreSQL's own texts can't hold each of them. */
    String inlined(String text) {
        return isPostgres ? "convert_to(" + SqlText.literal(text) + ", 'UTF8')" : SqlText.literal(text);
    }

    /** A column of inlined texts, to be compared with a text. */
    String textOf(String column) {
        return isPostgres ? "convert_from(" + column + ", 'UTF8')" : column;
    }
}
