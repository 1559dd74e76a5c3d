package dev.millrace.cli.doctor;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/** How large the catalog's tables are, and what this user may do with them. */
final class PostgresTables implements Check {
    /** The lake is where its table of metadata is found without a schema; its inlined rows are in tables beside it. */
    private static final String SIZES = """
            SELECT c.relname, pg_total_relation_size(c.oid), pg_stat_get_live_tuples(c.oid),
                has_table_privilege(c.oid, 'SELECT'), has_table_privilege(c.oid, 'INSERT')
            FROM pg_class c
            WHERE c.relkind = 'r' AND c.relname LIKE 'ducklake\\_%'
                AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('ducklake_metadata'))
            ORDER BY 2 DESC, 1
            """;

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Supplier<PostgresConnection> connection;

    PostgresTables(Supplier<PostgresConnection> connection) {
        this.connection = connection;
    }

    @Override
    public Finding look() throws SQLException {
        try {
            return read();
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return Finding.failed(
                        "somebody holds a lock that lets nobody read a table of the catalog",
                        "see 'locks' and 'sessions' for who it is; end that transaction");
            }
            throw e;
        }
    }

    private Finding read() throws SQLException {
        List<CatalogTablesVerdict.Table> tables = connection
                .get()
                .query(
                        SIZES,
                        row -> new CatalogTablesVerdict.Table(
                                row.getString(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getBoolean(4),
                                row.getBoolean(5)));
        return CatalogTablesVerdict.of(tables);
    }
}
