package dev.millrace.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves from where on what PostgreSQL tells is a warning or a failure, and that no query shows what stands in quotes. */
class PostgresVerdictsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "110022, FAILED, PostgreSQL 11.22",
        "140020, WARNING, without updates since 2026-11-12",
        "150005, OK, maintained until 2027-11-11",
        "180006, OK, PostgreSQL 18.6",
        "190001, OK, PostgreSQL 19.1"
    })
    void versions(int number, Status status, String words) {
        Finding finding = PostgresVersionVerdict.of(number, LocalDate.of(2026, 11, 21));
        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.seen()).contains(words);
    }

    private static Finding connections(long server, long database, long user) {
        return ConnectionsVerdict.of(new ConnectionsVerdict.Seen(
                new ConnectionsVerdict.Use(server, 100),
                new ConnectionsVerdict.Use(database, 10),
                new ConnectionsVerdict.Use(user, -1)));
    }

    @Test
    void connections() {
        assertThat(connections(79, 7, 1_000).status()).isEqualTo(Status.OK);
        assertThat(connections(80, 7, 1).status()).isEqualTo(Status.WARNING);
        assertThat(connections(100, 7, 1).status()).isEqualTo(Status.FAILED);
        assertThat(connections(1, 8, 1).status()).isEqualTo(Status.WARNING);
        assertThat(connections(1, 8, 1).items()).extracting(Item::subject).containsExactly("this database");
    }

    private static CatalogTablesVerdict.Table table(String name, boolean isReadable, boolean isWritable) {
        return new CatalogTablesVerdict.Table(name, 8_192, 1, isReadable, isWritable);
    }

    @Test
    void tables() {
        assertThat(CatalogTablesVerdict.of(List.of()).status()).isEqualTo(Status.FAILED);
        assertThat(CatalogTablesVerdict.of(List.of(table("a", true, true))).seen())
                .isEqualTo("1 table of the catalog, 8.2 kB; this user may write them");
        assertThat(CatalogTablesVerdict.of(List.of(table("a", true, false))).seen())
                .endsWith("only read them");
        Finding closed = CatalogTablesVerdict.of(List.of(table("a", true, true), table("b", false, false)));
        assertThat(closed.status()).isEqualTo(Status.WARNING);
        assertThat(closed.items()).singleElement().satisfies(item -> assertThat(item.toString())
                .contains("b", "not to be read"));
        assertThat(CatalogTablesVerdict.of(List.of(table("a", true, true), table("b", true, false)))
                        .items()
                        .get(0)
                        .seen())
                .endsWith("not to be written");
    }

    private static Finding vacuum(boolean autovacuum, long live, long dead) {
        return VacuumVerdict.of(
                autovacuum,
                List.of(new VacuumVerdict.Table("t", live, dead, Optional.of(NOW.minus(Duration.ofHours(30))))),
                NOW);
    }

    @Test
    void deadRows() {
        assertThat(vacuum(true, 100, 5_000).status()).isEqualTo(Status.OK);
        assertThat(vacuum(true, 1_000_000, 20_000).status()).isEqualTo(Status.OK);
        assertThat(vacuum(false, 1, 1).seen()).isEqualTo("autovacuum is off");
        Finding bloated = vacuum(true, 10_000, 10_000);
        assertThat(bloated.status()).isEqualTo(Status.WARNING);
        assertThat(bloated.items().get(0).seen()).isEqualTo("10,000 dead rows, 50 % of all, last vacuum 1d 6h ago");
    }

    private static SessionVerdict.Session session(String state, long inState, long inTransaction) {
        return new SessionVerdict.Session(
                42,
                "anna",
                "psql",
                state,
                Duration.ofSeconds(inState),
                Duration.ofSeconds(inTransaction),
                "UPDATE t SET x = '…'");
    }

    @ParameterizedTest
    @CsvSource({
        "idle, 9000, 0, OK, 0",
        "active, 599, 599, OK, 0",
        "active, 600, 600, WARNING, 1",
        "idle in transaction, 59, 59, OK, 1",
        "idle in transaction, 60, 60, WARNING, 1",
        "idle in transaction (aborted), 60, 60, WARNING, 1"
    })
    void sessions(String state, long inState, long inTransaction, Status status, int shown) {
        Finding finding = SessionVerdict.of(List.of(session(state, inState, inTransaction)));
        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.items()).hasSize(shown);
    }

    @Test
    void hiddenSessionsAreCounted() {
        assertThat(SessionVerdict.of(List.of(session("", 0, 0), session("idle", 1, 0)))
                        .seen())
                .isEqualTo("2 other sessions, 0 idle in transaction, 1 hidden from this user");
    }

    private static LockVerdict.Wait wait(long seconds, long blocker, String blockerState) {
        return new LockVerdict.Wait(
                new LockVerdict.Party(7, "ingester", "millrace", "UPDATE a"),
                "ShareLock on transactionid",
                Duration.ofSeconds(seconds),
                new LockVerdict.Party(blocker, "anna", "", "UPDATE b"),
                blockerState,
                Duration.ofSeconds(90));
    }

    @Test
    void locks() {
        assertThat(LockVerdict.of(List.of()).status()).isEqualTo(Status.OK);
        assertThat(LockVerdict.of(List.of(wait(4, 9, "active"))).status()).isEqualTo(Status.OK);
        assertThat(LockVerdict.of(List.of(wait(60, 9, "active"))).status()).isEqualTo(Status.FAILED);
        Finding warning = LockVerdict.of(List.of(wait(5, 9, "idle in transaction"), wait(5, 0, "")));
        assertThat(warning.status()).isEqualTo(Status.WARNING);
        assertThat(warning.seen()).isEqualTo("1 blocked query");
        assertThat(warning.remedy().orElseThrow()).contains("pg_terminate_backend(9)");
        assertThat(warning.items())
                .extracting(Item::seen)
                .containsExactly(
                        "waits for 5s for ShareLock on transactionid (UPDATE a), blocked by pid 9 (anna) (idle in"
                                + " transaction, transaction open for 1m 30s: UPDATE b)",
                        "waits for 5s for ShareLock on transactionid (UPDATE a), blocked by a prepared transaction (what"
                                + " it does is hidden from this user)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT 1|SELECT 1",
                "~\n\n  UPDATE t\nSET x = 1~|UPDATE t",
                "INSERT INTO t VALUES ('anna''s', 'x')|INSERT INTO t VALUES ('…', '…')",
                "SELECT E'it\\'s' , 'b'|SELECT E'…' , '…'",
                "SELECT 'cut off by the serv|SELECT '…'",
                "SELECT $a$x'y$a$, 'z'|SELECT '…', '…'",
                "~-- don't\nSELECT 'a'~|SELECT '…'",
                "/* don't */ SELECT 'a'|SELECT '…'",
                "SELECT \"it's\" FROM t|SELECT \"it's\" FROM t",
                "ALTER ROLE anna PASSWORD 'hunter2'|ALTER ROLE …",
                "CREATE SECRET s (TYPE s3, KEY_ID x)|CREATE SECRET …"
            })
    void queriesShowNothingQuoted(String query, String shown) {
        assertThat(QueryLine.of(query)).isEqualTo(shown);
    }

    @Test
    void longQueriesAreCut() {
        assertThat(QueryLine.of("SELECT " + "x".repeat(200))).hasSize(80).endsWith("…");
    }
}
