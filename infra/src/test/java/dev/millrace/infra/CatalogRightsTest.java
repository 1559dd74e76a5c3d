package dev.millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves what each role may and may not do in the catalog's database, every cell, with the roles as they are. */
@Tag("slow")
class CatalogRightsTest {
    private static final LocalServers SERVERS = LocalServers.shared();
    private static final PostgresServer POSTGRES = SERVERS.postgres();
    private static final String DATABASE = "rights";
    private static final String DENIED = "42501";
    private static final List<Role> ROLES = List.of(Role.INGESTER, Role.CLEANER, Role.ANALYST);

    /**
     * As in a lake: the cleaner, who has made it, owns {@code catalog}; {@code inlined} was made later by the ingester, and
     * {@code flushed} by the cleaner.
     */
    private static final String RIGHTS = """
            SELECT * FROM catalog                             | + | + | +
            SELECT * FROM inlined                             | + | + | +
            SELECT * FROM flushed                             | + | + | +
            INSERT INTO catalog VALUES (2)                    | + | + | -
            INSERT INTO inlined VALUES (2)                    | + | + | -
            INSERT INTO flushed VALUES (2)                    | + | + | -
            UPDATE catalog SET n = 3                          | + | + | -
            UPDATE inlined SET n = 3                          | + | + | -
            UPDATE flushed SET n = 3                          | + | + | -
            LOCK TABLE catalog IN ACCESS EXCLUSIVE MODE       | + | + | -
            DELETE FROM catalog                               | - | + | -
            DELETE FROM inlined                               | + | + | -
            DELETE FROM flushed                               | - | + | -
            TRUNCATE catalog                                  | - | + | -
            TRUNCATE inlined                                  | + | + | -
            DROP TABLE catalog                                | - | + | -
            DROP TABLE inlined                                | + | + | -
            DROP TABLE flushed                                | - | + | -
            ALTER TABLE catalog ADD COLUMN m int              | - | + | -
            ALTER TABLE inlined ADD COLUMN m int              | + | + | -
            ALTER TABLE catalog OWNER TO millrace_ingester    | - | + | -
            CREATE TABLE another (n int)                      | + | + | -
            CREATE TEMPORARY TABLE another (n int)            | + | + | -
            CREATE SCHEMA another                             | - | - | -
            CREATE ROLE another                               | - | - | -
            CREATE EXTENSION plpython3u                       | - | - | -
            ALTER ROLE millrace_analyst CREATEROLE            | - | - | -
            COPY (SELECT 1) TO PROGRAM 'true'                 | - | - | -
            SELECT pg_read_file('postgresql.conf')            | - | - | -
            SET ROLE millrace_cleaner                         | - | + | -
            SET ROLE millrace_ingester                        | + | + | -
            SET ROLE postgres                                 | - | - | -
            """;

    @BeforeEach
    void makeTheCatalog() throws SQLException {
        SERVERS.createDatabase(DATABASE);
        try (Connection admin = connect(POSTGRES.admin(), DATABASE)) {
            execute(admin, "DROP TABLE IF EXISTS catalog, inlined, flushed, another");
        }
        try (Connection cleaner = connect(POSTGRES.login(Role.CLEANER), DATABASE)) {
            execute(cleaner, "CREATE TABLE catalog (n int)", "CREATE TABLE flushed (n int)");
        }
        try (Connection ingester = connect(POSTGRES.login(Role.INGESTER), DATABASE)) {
            execute(ingester, "CREATE TABLE inlined (n int)");
        }
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @MethodSource("cells")
    void eachMayDoWhatItsRoleNeedsAndNothingElse(Role role, String sql, String right) throws SQLException {
        try (Connection connection = connect(POSTGRES.login(role), DATABASE)) {
            connection.setAutoCommit(false);
            if (right.equals("+")) {
                execute(connection, sql);
                connection.rollback();
            } else {
                assertThatThrownBy(() -> execute(connection, sql))
                        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState())
                                .as(e.getMessage())
                                .isEqualTo(DENIED));
            }
        }
    }

    static Stream<Arguments> cells() {
        return RIGHTS.lines()
                .map(line -> List.of(line.strip().split("\\s*\\|\\s*")))
                .flatMap(words -> {
                    assertThat(words).hasSize(1 + ROLES.size());
                    return IntStream.range(0, ROLES.size())
                            .mapToObj(i -> Arguments.of(ROLES.get(i), words.get(0), words.get(i + 1)));
                });
    }

    @Test
    void producersAndStrangersHaveNoLogin() {
        Login producer = SERVERS.producer("flights");
        Login guessed = new Login(POSTGRES.login(Role.CLEANER).name(), "guessed");

        for (Login login : List.of(producer, guessed)) {
            assertThatThrownBy(() -> connect(login, DATABASE).close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void othersOfTheServerDoNotGetIntoTheDatabase() throws SQLException {
        Login stranger = new Login("stranger", "stranger");
        try (Connection admin = connect(POSTGRES.admin(), DATABASE)) {
            execute(admin, "DROP ROLE IF EXISTS stranger", "CREATE USER stranger PASSWORD 'stranger'");
            assertThatThrownBy(() -> connect(stranger, DATABASE).close())
                    .hasMessageContaining("permission denied for database");
            execute(admin, "DROP ROLE stranger");
        }
    }

    /** What was made by others before the roles were applied, or by an ingester who ran init, is handed to the cleaner. */
    @Test
    void applyingTheRolesAgainHandsTheCatalogToTheCleaner() throws SQLException {
        try (Connection admin = connect(POSTGRES.admin(), DATABASE)) {
            execute(
                    admin,
                    "DROP TABLE IF EXISTS ducklake_by_admin, ducklake_by_ingester",
                    "CREATE TABLE ducklake_by_admin (n int)");
        }
        try (Connection ingester = connect(POSTGRES.login(Role.INGESTER), DATABASE)) {
            execute(ingester, "CREATE TABLE ducklake_by_ingester (n int)");
        }

        SERVERS.createDatabase(DATABASE);

        for (String table : List.of("ducklake_by_admin", "ducklake_by_ingester")) {
            for (Map.Entry<Role, String> allowed : Map.of(
                            Role.CLEANER,
                            "DELETE FROM ",
                            Role.INGESTER,
                            "UPDATE %s SET n = 1 -- ",
                            Role.ANALYST,
                            "SELECT * FROM ")
                    .entrySet()) {
                try (Connection connection = connect(POSTGRES.login(allowed.getKey()), DATABASE)) {
                    execute(connection, allowed.getValue().formatted(table) + table);
                }
            }
            try (Connection ingester = connect(POSTGRES.login(Role.INGESTER), DATABASE)) {
                assertThatThrownBy(() -> execute(ingester, "DELETE FROM " + table))
                        .hasMessageContaining("permission denied");
            }
        }
    }

    private static Connection connect(Login login, String database) throws SQLException {
        return DriverManager.getConnection(POSTGRES.jdbcUrl(database), login.name(), login.secret());
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
