package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoreStand;
import dev.millrace.storage.StoredObject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proves of a dataset of the mode {@code upsert} whose key and version get wider types that each key has one row, the last one, that what was
 * deleted stays deleted, and that it does whatever ends the widening.
 */
@Tag("slow")
class UpsertWideningTest extends EvolvingDataset {
    private static final String FIELDS = """
            {"name": "id", "type": "int"},
            {"name": "part", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
            {"name": "version", "type": "int"}, {"name": "gone", "type": "boolean"}, {"name": "a", "type": ["null", "int"]}
            """;
    private static final String MODE = """
            evolution: widen
            mode: upsert
            key: [id, part]
            version: version
            delete-marker: gone
            """;
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(10));

    @BeforeEach
    void makeTheDataset() throws Exception {
        execute("CREATE TABLE m (id INTEGER, part DECIMAL(9,2), version INTEGER, gone BOOLEAN, a INTEGER)");
        columns.addAll(List.of("id", "part", "version", "a"));
        contract(FIELDS, MODE);
        run("init");
    }

    private static String narrow(int first, int end, int version, boolean gone) {
        return ("SELECT i::INTEGER AS id, (i / 4)::DECIMAL(9,2) AS part, %d AS version, %s AS gone, (i * %d)::INTEGER AS a"
                        + " FROM range(%d, %d) r(i)")
                .formatted(version, gone, version, first, end);
    }

    /** The same keys, in wider types. */
    private static String wide(int first, int end, long version, boolean gone) {
        return "SELECT id::BIGINT AS id, part::DECIMAL(18,2) AS part, " + version
                + "::BIGINT AS version, gone, a FROM (" + narrow(first, end, 1, gone) + ")";
    }

    /** Keys that the narrower types do not hold. */
    private static String beyond(int first, int end, long version, boolean gone) {
        return ("SELECT i + 5000000000 AS id, (i * 100000000 + 0.25)::DECIMAL(18,2) AS part, %d::BIGINT AS version, %s AS gone,"
                        + " i::INTEGER AS a FROM range(%d, %d) r(i)")
                .formatted(version, gone, first, end);
    }

    /** Puts rows into a staged file, and does to the truth what they do. */
    private void upsert(String select) throws SQLException, IOException {
        put(select);
        execute("CREATE OR REPLACE TEMP TABLE s AS " + select);
        execute("DELETE FROM s WHERE EXISTS (FROM m WHERE m.id = s.id AND m.part = s.part AND m.version > s.version)");
        execute("DELETE FROM m USING s WHERE m.id = s.id AND m.part = s.part");
        execute("INSERT INTO m BY NAME FROM s WHERE NOT gone");
    }

    private void widenTheTruth() throws SQLException {
        for (String change : List.of("id TYPE BIGINT", "part TYPE DECIMAL(18,2)", "version TYPE BIGINT")) {
            execute("ALTER TABLE m ALTER " + change);
        }
    }

    @Test
    void whatComesAfterwardsMeetsTheKeysThatWereThere() throws Exception {
        upsert(narrow(1, 12, 1, false));
        upsert(narrow(3, 6, 2, true));
        loads(2);

        widenTheTruth();
        upsert(beyond(1, 4, 7_000_000_000L, false));
        upsert(wide(6, 9, 3, false));
        loads(2);
        assertThat(typesOfIds()).isEqualTo("BIGINT BIGINT");

        upsert(narrow(7, 10, 4, false));
        // Older than what was deleted and than what is there: all are dropped.
        put(narrow(3, 9, 1, false));
        put(wide(3, 9, 1, false));
        upsert(beyond(2, 3, 8_000_000_000L, true));
        put(beyond(2, 3, 7_500_000_000L, false));
        upsert(narrow(1, 2, 2, true));
        loads(6);
        upsert(wide(4, 5, 9_000_000_000L, false));
        loads(1);
        assertThat(run("audit", "--json").out()).contains("\"verdict\":\"holds\"");
        assertThat(run("init").out()).isEqualTo("m: unchanged\n");
    }

    /** The deleted keys have the wider types then, and the dataset has not. */
    @Test
    void whatEndsBetweenItsTwoTransactionsIsGoneOnWith() throws Exception {
        upsert(narrow(1, 12, 1, false));
        upsert(narrow(3, 6, 2, true));
        loads(2);
        put("far", beyond(1, 4, 7_000_000_000L, false));
        AtomicInteger commits = new AtomicInteger();
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
            // The first one takes the lease.
            if (at == Failpoint.AFTER_COMMIT && commits.incrementAndGet() == 2) {
                throw new IllegalStateException("ends between the two");
            }
        })) {
            assertThat(listening).isNotNull();
            assertThat(CommandRun.of(folder, "ingest").exitCode()).isNotZero();
        }
        assertThat(typesOfIds()).isEqualTo("INTEGER BIGINT");

        // Whoever has brought the wider values takes them back for a while.
        ObjectStore staging = StoreStand.current().store(folder, "staging");
        staging.list(
                "m/far/",
                page -> staging.delete(page.stream().map(StoredObject::key).toList()));
        upsert(narrow(6, 8, 2, true));
        CommandRun next = CommandRun.at(LATER, folder, Map.of(), "", "ingest");
        assertThat(next.exitCode()).as(next.err()).isZero();
        put(narrow(3, 8, 1, false));
        loads(1);
        assertThat(typesOfIds()).isEqualTo("INTEGER BIGINT");

        widenTheTruth();
        upsert(beyond(1, 4, 7_000_000_000L, false));
        put(wide(3, 8, 1, false));
        loads(2);
        assertThat(typesOfIds()).isEqualTo("BIGINT BIGINT");
        assertThat(run("audit", "--json").out()).contains("\"verdict\":\"holds\"");
    }

    private String typesOfIds() throws IOException {
        return new JsonMapper()
                .readTree(run(
                                "sql",
                                "--json",
                                "SELECT string_agg(data_type, ' ' ORDER BY table_schema) FROM information_schema.columns"
                                        + " WHERE table_name = 'm' AND column_name = 'id'")
                        .out())
                .at("/rows/0/0")
                .asText();
    }
}
