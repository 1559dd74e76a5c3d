package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.lake.CommitResult;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Transaction;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that an audit names the rows that a fault has lost, doubled or altered, and takes no analyst's work for a fault. */
@Tag("slow")
@Tag("stand")
class AuditCommandTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private String firstFile;
    private String secondFile;
    private int fault;

    @BeforeEach
    void makeALakeOfTwoBatches() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
                {"type": "record", "name": "Trip", "fields": [
                  {"name": "id", "type": "long"}, {"name": "fare", "type": ["null", "double"], "default": null},
                  {"name": "file", "type": ["null", "string"], "default": null}]}
                """);
        Files.writeString(folder.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\n");
        assertThat(run("init").exitCode()).isZero();
        firstFile = stageAndIngest("id,fare,file\n1,1.5,a\n2,2.5,b\n3,,c\n");
        secondFile = stageAndIngest("id,fare\n4,4.5\n5,5.5\n6,6.5\n");
        assertVerdict("holds", ExitCode.DONE);
    }

    @Test
    void everyFaultIsNamedBeforeAndAfterACompaction() throws IOException {
        String batch = text("SELECT batch_id FROM lake.millrace.ledger WHERE staged_key = '" + secondFile + "'");
        long good = newest();
        rewrite(
                batch,
                "SELECT * REPLACE (CASE WHEN id = 5 THEN 55.5 ELSE fare END AS fare) FROM lake.trips WHERE id > 3",
                "id > 3");
        JsonNode altered = assertVerdict("broken", ExitCode.FAILED);
        assertFinding(altered, "altered", secondFile, 1);
        assertThat(altered.at("/findings/0/batch").textValue()).isEqualTo(batch);
        rewrite(batch, "SELECT * FROM lake.trips AT (VERSION => " + good + ") WHERE id > 3", "id > 3");
        assertVerdict("holds", ExitCode.DONE);

        assertThat(run("compact", "--full").exitCode()).isZero();
        assertVerdict("holds", ExitCode.DONE);
        String step = text("SELECT max(step_id) FROM lake.millrace.step");
        String all = "SELECT * FROM lake.trips AT (VERSION => " + newest() + ")";
        rewrite(step, all + " WHERE id <> 2", "true");
        assertFinding(assertVerdict("broken", ExitCode.FAILED), "lost", firstFile, 1);
        execute("INSERT INTO lake.trips " + all + " WHERE id = 2");
        assertVerdict("holds", ExitCode.DONE);
        rewrite(step, all + " UNION ALL " + all + " WHERE id = 5", "true");
        assertFinding(assertVerdict("broken", ExitCode.FAILED), "doubled", secondFile, 1);
        rewrite(step, "SELECT * REPLACE (coalesce(fare, 0) AS fare) FROM (" + all + ")", "true");
        assertFinding(assertVerdict("broken", ExitCode.FAILED), "altered", firstFile, 1);
        rewrite(step, all, "true");
        assertVerdict("holds", ExitCode.DONE);
    }

    @Test
    void anAnalystsChangesAreCountedAndHideNoFault() throws IOException {
        execute("DELETE FROM lake.trips WHERE id = 1", "UPDATE lake.trips SET fare = 0 WHERE id = 6");
        long changes = newest();
        JsonNode changed = assertVerdict("changed-by-others", ExitCode.DONE);
        assertThat(changed.get("rowsDeletedByOthers").longValue()).isEqualTo(2);
        assertThat(changed.get("rowsAddedByOthers").longValue()).isEqualTo(1);
        assertFinding(changed, "changed-by-others", firstFile, 1);
        assertThat(run("compact", "--full").exitCode()).isZero();
        assertVerdict("changed-by-others", ExitCode.DONE);

        String step = text("SELECT max(step_id) FROM lake.millrace.step");
        String all = "SELECT * FROM lake.trips AT (VERSION => " + newest() + ")";
        rewrite(step, all + " WHERE id <> 5", "true");
        assertFinding(assertVerdict("broken", ExitCode.FAILED), "lost", secondFile, 2);

        rewrite(step, all, "true");
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(30));
        CommandRun.at(later, folder, Map.of(), "", "compact");
        assertThat(oldest())
                .as("the changes are forgotten, and staged files swept")
                .isGreaterThan(changes);
        assertVerdict("changed-by-others", ExitCode.DONE);
    }

    @Test
    void whatCannotBeComparedIsCountedAndAReplacedFileIsFound() throws IOException {
        ObjectStore staging = StoreStand.current().store(folder, "staging");
        staging.delete(List.of(firstFile));
        JsonNode swept = assertVerdict("holds", ExitCode.DONE);
        assertThat(swept.at("/staged/files").longValue()).isEqualTo(1);
        assertThat(swept.at("/ledger/rowHash")).isEqualTo(swept.at("/lake/rowHash"));

        stageByAnOlderVersion(staging);
        assertThat(run("ingest").exitCode()).isZero();
        JsonNode older = assertVerdict("holds", ExitCode.DONE);
        assertThat(older.at("/notes/0").textValue())
                .startsWith("1 rows are not comparable, staged by an older version");

        staging.delete(List.of(secondFile));
        StoreStand.current().write(staging, secondFile, "no Parquet file, whatever it is called");
        assertFinding(assertVerdict("broken", ExitCode.FAILED), "staged-file-unreadable", secondFile, 0);
    }

    /** As a fault of an ingest or a compaction would: rows of the lake are put in the place of others, by Millrace's own name. */
    private void rewrite(String writer, String select, String replaced) {
        String file = LakeStand.address(folder).dataPath() + "main/trips/" + writer + "-" + (90 + fault++) + ".parquet";
        try (LakeSession session = LakeStand.open(folder, SessionOptions.Access.WRITE)) {
            session.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
            assertThat(Transaction.run(session, () -> {
                        session.execute("DELETE FROM lake.trips WHERE " + replaced);
                        session.execute("CALL ducklake_add_data_files('lake', 'trips', ['" + file + "'])");
                        session.execute("CALL lake.set_commit_message('millrace', 'a fault')");
                        return true;
                    }))
                    .isInstanceOf(CommitResult.Committed.class);
        }
    }

    /** Its footer has the hash of before under the key of before; and a column whose name could end a text in SQL. */
    private void stageByAnOlderVersion(ObjectStore staging) {
        String file = staging.address("trips/till-1/older.parquet");
        try (LakeSession session = LakeStand.open(folder, SessionOptions.Access.WRITE, List.of(staging.root() + "/"))) {
            session.execute("COPY (SELECT 7::BIGINT AS id, 7.5::DOUBLE AS fare, 'd' AS file, 1 AS \"it's\") TO '" + file
                    + "' (FORMAT parquet, KV_METADATA {'millrace.row-hash': '0123456789abcdef'})");
        }
    }

    private String stageAndIngest(String csv) throws IOException {
        Files.writeString(folder.resolve("trips.csv"), csv);
        assertThat(run("stage", "trips", "trips.csv", "--producer", "till-1").exitCode())
                .isZero();
        assertThat(run("ingest").exitCode()).isZero();
        return text("SELECT max(staged_key) FROM lake.millrace.ledger");
    }

    private JsonNode assertVerdict(String verdict, ExitCode exitCode) throws IOException {
        CommandRun run = run("audit", "--dataset", "trips", "--json");
        assertThat(run.out()).as(run.err()).contains("\"verdict\":\"" + verdict + "\"");
        assertThat(run.exitCode()).isEqualTo(exitCode.code());
        return JSON.readTree(run.out()).at("/datasets/0");
    }

    private static void assertFinding(JsonNode dataset, String kind, String stagedFile, long rows) {
        assertThat(dataset.get("findings")).as(dataset.toString()).anySatisfy(finding -> {
            assertThat(finding.get("kind").textValue()).isEqualTo(kind);
            assertThat(finding.at("/stagedFiles/0").textValue()).isEqualTo(stagedFile);
            assertThat(finding.get("rows").longValue()).isEqualTo(rows);
        });
    }

    private long oldest() {
        return Long.parseLong(text("SELECT min(snapshot_id)::VARCHAR FROM __ducklake_metadata_lake.ducklake_snapshot"));
    }

    private long newest() {
        return Long.parseLong(text("SELECT max(snapshot_id)::VARCHAR FROM __ducklake_metadata_lake.ducklake_snapshot"));
    }

    private String text(String sql) {
        try (LakeSession session = LakeStand.open(folder, SessionOptions.Access.READ)) {
            return session.queryOne(sql, row -> row.getString(1)).orElseThrow();
        }
    }

    private void execute(String... statements) {
        try (LakeSession session = LakeStand.open(folder, SessionOptions.Access.WRITE)) {
            for (String statement : statements) {
                session.execute(statement);
            }
        }
    }

    private CommandRun run(String... args) {
        return CommandRun.of(folder, args);
    }
}
