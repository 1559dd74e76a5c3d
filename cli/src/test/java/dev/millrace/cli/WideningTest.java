package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proves of columns that get a wider type that filters, minimum, order and joins tell the truth afterwards, that nothing is lost or doubled
 * whatever ends the widening and whoever changes the dataset meanwhile, and that its cost is told and bounded.
 */
@Tag("slow")
class WideningTest extends EvolvingDataset {
    private static final String WIDEN = "evolution: widen\n";
    private static final String ID = "{\"name\": \"id\", \"type\": \"long\"}";
    private static final String FIELDS = ID
            + nullable("a", "\"int\"")
            + nullable("f", "\"float\"")
            + nullable("p", "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 9, \"scale\": 2}")
            + nullable(
                    "s",
                    "{\"type\": \"record\", \"name\": \"S\", \"fields\": [{\"name\": \"x\", \"type\": [\"null\","
                            + " \"int\"]}]}")
            + nullable("l", "{\"type\": \"array\", \"items\": [\"null\", \"int\"]}")
            + nullable("k", "\"int\"")
            + nullable("t", "\"string\"");
    private static final String NARROW =
            "SELECT i AS id, (i * 10)::INTEGER AS a, (i / 8)::FLOAT AS f, (i / 4)::DECIMAL(9,2) AS"
                    + " p, {'x': i::INTEGER} AS s, [i::INTEGER, NULL] AS l, (i %% 2)::INTEGER AS k, 'v' || i AS t FROM"
                    + " range(%d, %d) r(i)";
    private static final String WIDE =
            "SELECT i AS id, i * 5000000000 AS a, i / 7 AS f, (i * 1000000000 + 0.5)::DECIMAL(18,2) AS"
                    + " p, {'y': 'new', 'x': i * 3000000000} AS s, [i * 4000000000] AS l, (i %% 2 + 3000000000)::BIGINT AS"
                    + " k, NULL::VARCHAR AS t FROM range(%d, %d) r(i)";

    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(10));
    private static final List<Failpoint> MOMENTS =
            List.of(Failpoint.AFTER_WRITE_LAKE_FILES, Failpoint.BEFORE_END_FILES, Failpoint.AFTER_REGISTER);

    private static String nullable(String name, String type) {
        return ", {\"name\": \"" + name + "\", \"type\": [\"null\", " + type + "]}";
    }

    @BeforeEach
    void makeTheDataset() throws Exception {
        execute(
                "CREATE TABLE m (id BIGINT, a INTEGER, f FLOAT, p DECIMAL(9,2), s STRUCT(x INTEGER), l INTEGER[], k INTEGER, t"
                        + " VARCHAR)");
        columns.addAll(List.of("id", "a", "f", "p", "s.x", "l[1]", "k", "t"));
        contract(FIELDS, WIDEN + "partition-by: [k]\n");
        run("init");
    }

    private void widenTheTruth() throws SQLException {
        for (String change : List.of(
                "a TYPE BIGINT",
                "f TYPE DOUBLE",
                "p TYPE DECIMAL(18,2)",
                "s TYPE STRUCT(x BIGINT, y VARCHAR)",
                "l TYPE BIGINT[]",
                "k TYPE BIGINT")) {
            execute("ALTER TABLE m ALTER " + change);
        }
        columns.add("s.y");
    }

    private void bySql(String sql) throws SQLException {
        onLake(sql.replace(" m ", " lake.m "));
        execute(sql);
    }

    private void onLake(String sql) {
        try (LakeSession session = LakeStand.open(folder, SessionOptions.Access.WRITE)) {
            session.execute(sql);
        }
    }

    private JsonNode ask(String query) throws IOException {
        return new JsonMapper().readTree(run("sql", "--json", query).out()).at("/rows/0");
    }

    @Test
    @Tag("stand")
    void whatAFileWidensTellsTheTruthLikeAllThatComesAfterwards() throws Exception {
        stage(NARROW.formatted(1, 6));
        loads(1);
        stage(NARROW.formatted(10, 14));
        run("ingest");
        bySql("DELETE FROM m WHERE id IN (3, 11)");
        onLake("COMMENT ON COLUMN lake.m.t IS 'a town'");
        String before =
                ask("SELECT max(snapshot_id) FROM lake.snapshots()").get(0).asText();

        widenTheTruth();
        stage(WIDE.formatted(20, 23));
        stage(NARROW.formatted(30, 32));
        loads(2);

        newColumn("z", "INTEGER");
        stage("SELECT i AS id, i::INTEGER AS a, (i / 8)::FLOAT AS f, 5 AS z, 1 AS k FROM range(40, 43) r(i)");
        stage(WIDE.formatted(50, 53));
        loads(2);
        assertThat(ask("SELECT list(column_name), (SELECT comment FROM duckdb_columns() WHERE table_name = 'm' AND"
                        + " column_name = 't') FROM (DESCRIBE m)"))
                .hasToString("[\"[id, a, f, p, s, l, k, t, z]\",\"a town\"]");
        assertThat(ask("SELECT count(*), max(a), typeof(any_value(a)), typeof(any_value(s)) FROM m AT (VERSION => "
                        + before + ")"))
                .hasToString("[\"7\",\"130\",\"INTEGER\",\"STRUCT(x INTEGER)\"]");
        assertThat(run(
                                "sql",
                                "SELECT change, subject, type, brought_by FROM millrace.evolution WHERE change ="
                                        + " 'column-widened' ORDER BY subject")
                        .out())
                .containsPattern("column-widened +a +BIGINT +m/stranger/2.parquet")
                .containsPattern("column-widened +s +STRUCT\\(\"x\" BIGINT, \"y\" VARCHAR\\)");
        assertThat(run("init").out()).isEqualTo("m: unchanged\n");
        assertThat(run("contract", "check").out())
                .contains("free: the column 'a' has the type BIGINT in the lake and INTEGER in the contract");
        assertThat(run("audit").out()).contains("nothing else differs from what was staged");
    }

    @Test
    void whatAContractWidensIsToldWithItsCostBeforeItIsDone() throws Exception {
        stage(NARROW.formatted(1, 6));
        loads(1);
        String wide = FIELDS.replace("\"int\"", "\"long\"")
                .replace("\"float\"", "\"double\"")
                .replace("9,", "18,");

        contract(wide, "partition-by: [k]\n");
        CommandRun refused = CommandRun.of(folder, "contract", "check");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED.code());
        assertThat(refused.out())
                .contains("breaks: the column 'a' has the type INTEGER in the lake and BIGINT in the contract; set"
                        + " 'evolution: widen'");
        assertThat(CommandRun.of(folder, "init").err()).contains("set 'evolution: widen'");

        contract(wide, WIDEN + "partition-by: [k]\n");
        assertThat(run("contract", "check").out())
                .containsPattern("step: the column 'a' is widened from INTEGER to BIGINT by 'millrace init', or by the"
                        + " first file that brings such values: 2 files with 5 rows \\([0-9.]+ kB\\) are written anew");
        CommandRun init = run("init");
        assertThat(init.err()).containsPattern("widened from FLOAT to DOUBLE.*2 files with 5 rows");
        assertThat(init.out()).contains("m: changed", "the column 'p' is widened from DECIMAL(9,2) to DECIMAL(18,2)");
        for (String change : List.of(
                "a TYPE BIGINT",
                "f TYPE DOUBLE",
                "p TYPE DECIMAL(18,2)",
                "s TYPE STRUCT(x BIGINT)",
                "l TYPE BIGINT[]",
                "k TYPE" + " BIGINT")) {
            execute("ALTER TABLE m ALTER " + change);
        }
        tellsTheTruth();
        assertThat(run("init").out()).isEqualTo("m: unchanged\n");
        stage(NARROW.formatted(10, 13));
        loads(1);
        assertThat(run("audit").out()).contains("what was staged is what the lake holds");
    }

    @Test
    void whatWouldTakeTooMuchIsRefusedWithTheCommandThatDoesIt() throws Exception {
        stage(NARROW.formatted(1, 6));
        loads(1);
        put("till-1", "SELECT 7::BIGINT AS id, 5000000000 AS a, 1 AS k");
        stage(NARROW.formatted(10, 12));
        CommandRun check =
                CommandRun.of(folder, Map.of("MILLRACE_INGEST_MAX_WIDEN_BYTES", "1B"), "", "contract", "check");
        assertThat(check.exitCode()).isEqualTo(ExitCode.FAILED.code());
        assertThat(check.out())
                .contains("breaks: waiting files bring wider values: the column 'a' is widened from INTEGER");

        CommandRun ingest =
                CommandRun.of(folder, Map.of("MILLRACE_INGEST_MAX_WIDEN_BYTES", "1B"), "", "ingest", "--json");
        assertThat(ingest.exitCode()).as(ingest.err()).isZero();
        assertThat(ingest.out()).contains("\"files\":1,", "\"quarantinedFiles\":1");
        assertThat(ingest.err())
                .contains("takes BIGINT, and INTEGER in the dataset", "ingest.max-widen-bytes", "run 'millrace init'");
        tellsTheTruth();

        contract(
                FIELDS.replace("\"a\", \"type\": [\"null\", \"int\"]", "\"a\", \"type\": [\"null\", \"long\"]"),
                WIDEN + "partition-by: [k]\n");
        run("init");
        run("quarantine", "retry", "--dataset", "m", "--reason", "schema-mismatch");
        execute("ALTER TABLE m ALTER a TYPE BIGINT");
        execute("INSERT INTO m BY NAME SELECT 7 AS id, 5000000000 AS a, 1 AS k");
        loads(1);

        put("SELECT 8::BIGINT AS id, 1.5::DOUBLE AS a, 1 AS k");
        loads(0);
        assertThat(run("status").out()).contains("'a' has the type DOUBLE in the file and BIGINT in the dataset");
    }

    /** Somebody has set the option, and writes by a session that was attached afterwards. */
    @Test
    void rowsThatAreInlinedInTheCatalogGoAlongAndDeletesThatAreHaveToBeWrittenToAFileFirst() throws Exception {
        stage(NARROW.formatted(1, 6));
        run("ingest");
        onLake("CALL lake.set_option('data_inlining_row_limit', 10, table_name => 'm')");
        bySql("INSERT INTO m BY NAME " + NARROW.formatted(100, 104));
        bySql("DELETE FROM m WHERE id = 101");
        bySql("UPDATE m SET t = 'changed' WHERE id = 102");
        assertThat(ask("SELECT count(*) FROM m WHERE filename LIKE 'ducklake_inlined%'"))
                .hasToString("[\"3\"]");
        assertThat(run("audit").out()).contains("others have added 3 rows and deleted 0 rows");
        widenTheTruth();
        stage(WIDE.formatted(20, 23));
        run("ingest");
        tellsTheTruth();

        onLake("CALL lake.set_option('data_inlining_row_limit', 10, table_name => 'm')");
        bySql("DELETE FROM m WHERE id IN (4, 20)");
        execute("ALTER TABLE m ALTER p TYPE DECIMAL(20,2)");
        stage("SELECT 30::BIGINT AS id, 9.25::DECIMAL(20,2) AS p, 1 AS k");
        String flush = "CALL ducklake_flush_inlined_data('lake', schema_name => 'main', table_name => 'm')";
        assertThat(CommandRun.of(folder, "contract", "check").out())
                .contains("breaks: waiting files bring wider values: the column 'p' is widened", flush);
        assertThat(run("ingest").err()).contains("schema-mismatch", "stand in the catalog", flush);
        assertThat(run("audit").out()).contains("others have added 3 rows and deleted 2 rows");
        onLake(flush);
        run("quarantine", "retry", "--dataset", "m", "--reason", "schema-mismatch");
        loads(1);
        assertThat(run("audit").out()).contains("nothing else differs from what was staged");
    }

    /** Each time a digit more, and another end: at the n-th time of passing a failpoint. */
    @Test
    @Tag("stand")
    void whateverEndsItTheNextIngestFinishesOrBeginsAnew() throws Exception {
        stage(NARROW.formatted(1, 6));
        run("ingest");
        int digits = 9;
        for (String end : List.of(
                "BEFORE_WRITE_LAKE_FILES 1",
                "AFTER_WRITE_LAKE_FILES 1",
                "BEFORE_END_FILES 1",
                "AFTER_END_FILES 1",
                "AFTER_REGISTER 1",
                "BEFORE_COMMIT 2",
                "AFTER_COMMIT 2")) {
            digits++;
            execute("ALTER TABLE m ALTER p TYPE DECIMAL(" + digits + ",2)");
            stage("SELECT " + digits * 10 + "::BIGINT AS id, " + digits + "::INTEGER AS a, 9.25::DECIMAL(" + digits
                    + ",2) AS p, 1 AS k");
            assertThat(ingestThatEndsAt(end).exitCode()).as(end).isNotZero();
            // This process lives on, and with it the lease of a run that ended without an answer.
            CommandRun next = CommandRun.at(LATER, folder, Map.of(), "", "ingest");
            assertThat(next.exitCode()).as(next.err()).isZero();
            assertThat(ask("SELECT count(*), sum(p)::VARCHAR, typeof(any_value(p)) FROM m"))
                    .as(end)
                    .hasToString("[\"" + truth("SELECT count(*) FROM m") + "\",\"" + truth("SELECT sum(p) FROM m")
                            + "\",\"DECIMAL(" + digits + ",2)\"]");
        }
        run("compact", "--full");
        tellsTheTruth();
        assertThat(run("audit").out()).contains("what was staged is what the lake holds");
        assertThat(ask("SELECT count(*) FROM millrace.evolution WHERE change = 'column-widened'")
                        .get(0)
                        .asInt())
                .isEqualTo(7);
    }

    private CommandRun ingestThatEndsAt(String end) {
        Failpoint failpoint = Failpoint.valueOf(end.substring(0, end.indexOf(' ')));
        int time = Integer.parseInt(end.substring(end.indexOf(' ') + 1));
        AtomicInteger passed = new AtomicInteger();
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
            if (at == failpoint && passed.incrementAndGet() == time) {
                throw new IllegalStateException("ends at " + end);
            }
        })) {
            assertThat(listening).isNotNull();
            return CommandRun.of(folder, "ingest");
        }
    }

    @Test
    void aProcessThatIsKilledInTheMidstOfItHasChangedNothing() throws Exception {
        stage(NARROW.formatted(1, 6));
        run("ingest");
        widenTheTruth();
        stage(WIDE.formatted(20, 23));
        Path marker = folder.resolve("halted");
        Process process = new ProcessBuilder(JavaProcess.command(
                        List.of(
                                "-D" + FailpointSwitch.HALT_AT + "=AFTER_END_FILES:1",
                                "-D" + FailpointSwitch.MARKER + "=" + marker),
                        Millrace.class,
                        List.of("ingest")))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(marker));
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(ask("SELECT count(*), typeof(any_value(a)) FROM m")).hasToString("[\"5\",\"INTEGER\"]");
        loads(1);
        assertThat(run("audit").out()).contains("what was staged is what the lake holds");
    }

    /** At each of three moments an analyst inserts and deletes, and a compaction merges. */
    @Test
    @Tag("stand")
    void whatOthersChangeMeanwhileIsKept() throws Exception {
        for (int file = 0; file < 3; file++) {
            stage(NARROW.formatted(file * 10 + 1, file * 10 + 6));
            run("ingest");
        }
        widenTheTruth();
        stage(WIDE.formatted(50, 53));
        AtomicInteger moments = new AtomicInteger();
        AtomicBoolean isOthers = new AtomicBoolean();
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
            int moment = moments.get();
            boolean isMoment = at == MOMENTS.get(moment % MOMENTS.size());
            if (isMoment && moment < MOMENTS.size() && isOthers.compareAndSet(false, true)) {
                changeByOthers(moment);
                moments.set(moment + 1);
                isOthers.set(false);
            }
        })) {
            assertThat(listening).isNotNull();
            run("ingest");
        }
        assertThat(moments).hasValue(MOMENTS.size());
        tellsTheTruth();
        run("compact", "--full");
        tellsTheTruth();
    }

    private void changeByOthers(int moment) {
        try {
            bySql("INSERT INTO m BY NAME SELECT " + (100 + moment) + "::BIGINT AS id, " + moment
                    + "::INTEGER AS a, 1 AS k");
            bySql("DELETE FROM m WHERE id = " + (moment * 10 + 2));
            run("compact", "--full");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
