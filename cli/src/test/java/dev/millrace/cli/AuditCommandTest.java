package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.ingester.audit.Audit;
import dev.millrace.ingester.audit.AuditFinding;
import dev.millrace.ingester.audit.AuditReport;
import dev.millrace.ingester.audit.AuditReport.Verdict;
import dev.millrace.lake.CommitResult;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Transaction;
import dev.millrace.schemas.ContractFile;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that an audit names the rows that a fault has lost, doubled or altered, and takes no analyst's work for a fault. Each test has
 * a dataset of its own in one lake, of two batches of three rows.
 */
@Tag("slow")
@Tag("stand")
class AuditCommandTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FAULTS = "faults";
    private static final String CHANGES = "changes";
    private static final String LEFT = "leftovers";
    private static final String RENAMED = "renamed";

    @TempDir
    static Path folder;

    private static ObjectStore staging;
    private static LakeSession session;

    private int fault;

    @BeforeAll
    static void makeALake() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        // With a column that is called as the search calls something of its own.
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
                {"type": "record", "name": "Trip", "fields": [
                  {"name": "id", "type": "long"}, {"name": "fare", "type": ["null", "double"], "default": null},
                  {"name": "file", "type": ["null", "string"], "default": null}]}
                """);
        for (String dataset : List.of(FAULTS, CHANGES, LEFT)) {
            Files.writeString(contract(dataset), "dataset: " + dataset + "\nschema: trips.avsc\n");
        }
        run("init");
        stageAndIngest("id,fare,file\n1,1.5,a\n2,2.5,b\n3,,c\n");
        stageAndIngest("id,fare\n4,4.5\n5,5.5\n6,6.5\n");
        staging = StoreStand.current().store(folder, "staging");
        session = LakeStand.open(folder, SessionOptions.Access.WRITE, List.of(staging.root() + "/"));
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @Test
    void everyFaultIsNamedBeforeAndAfterACompaction() throws IOException {
        assertVerdict(FAULTS, Verdict.HOLDS);
        String batch = text("SELECT batch_id FROM lake.millrace.ledger WHERE staged_key = '" + file(FAULTS, 2) + "'");
        long good = newest();
        rewrite(
                FAULTS,
                batch,
                "SELECT * REPLACE (CASE WHEN id = 5 THEN 55.5 ELSE fare END AS fare) FROM lake.faults WHERE id > 3",
                "id > 3");
        AuditReport altered = assertVerdict(FAULTS, Verdict.BROKEN);
        assertFinding(altered, AuditFinding.Kind.ALTERED, file(FAULTS, 2), 1);
        assertThat(altered.findings().get(0).batch()).isEqualTo(batch);
        rewrite(FAULTS, batch, "SELECT * FROM lake.faults AT (VERSION => " + good + ") WHERE id > 3", "id > 3");
        assertVerdict(FAULTS, Verdict.HOLDS);

        run("compact", FAULTS, "--full");
        assertVerdict(FAULTS, Verdict.HOLDS);
        String step = text("SELECT max(step_id) FROM lake.millrace.step WHERE dataset = 'faults'");
        String all = "SELECT * FROM lake.faults AT (VERSION => " + newest() + ")";
        rewrite(FAULTS, step, all + " WHERE id <> 2", "true");
        assertFinding(assertVerdict(FAULTS, Verdict.BROKEN), AuditFinding.Kind.LOST, file(FAULTS, 1), 1);
        session.execute("INSERT INTO lake.faults " + all + " WHERE id = 2");
        assertVerdict(FAULTS, Verdict.HOLDS);
        rewrite(FAULTS, step, all + " UNION ALL " + all + " WHERE id = 5", "true");
        assertFinding(assertVerdict(FAULTS, Verdict.BROKEN), AuditFinding.Kind.DOUBLED, file(FAULTS, 2), 1);
        rewrite(FAULTS, step, "SELECT * REPLACE (coalesce(fare, 0) AS fare) FROM (" + all + ")", "true");
        assertFinding(assertVerdict(FAULTS, Verdict.BROKEN), AuditFinding.Kind.ALTERED, file(FAULTS, 1), 1);
        rewrite(FAULTS, step, all, "true");
        assertVerdict(FAULTS, Verdict.HOLDS);
    }

    @Test
    void anAnalystsChangesAreCountedAndHideNoFault() throws IOException {
        session.execute("DELETE FROM lake.changes WHERE id = 1");
        session.execute("UPDATE lake.changes SET fare = 0 WHERE id = 6");
        long changes = newest();
        AuditReport changed = assertVerdict(CHANGES, Verdict.CHANGED_BY_OTHERS);
        assertThat(changed.others().rowsDeleted()).isEqualTo(2);
        assertThat(changed.others().rowsAdded()).isEqualTo(1);
        assertFinding(changed, AuditFinding.Kind.CHANGED_BY_OTHERS, file(CHANGES, 1), 1);
        run("compact", CHANGES, "--full");
        assertVerdict(CHANGES, Verdict.CHANGED_BY_OTHERS);

        String step = text("SELECT max(step_id) FROM lake.millrace.step WHERE dataset = 'changes'");
        String all = "SELECT * FROM lake.changes AT (VERSION => " + newest() + ")";
        rewrite(CHANGES, step, all + " WHERE id <> 5", "true");
        AuditReport lost = assertVerdict(CHANGES, Verdict.BROKEN);
        assertFinding(lost, AuditFinding.Kind.LOST, file(CHANGES, 2), 2);
        assertThat(lost.notes()).anyMatch(note -> note.contains("others have added 1 rows and deleted 2"));

        rewrite(CHANGES, step, all, "true");
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(30));
        CommandRun.at(later, folder, Map.of(), "", "compact", CHANGES);
        assertThat(Long.parseLong(
                        text("SELECT min(snapshot_id)::VARCHAR FROM __ducklake_metadata_lake.ducklake_snapshot")))
                .as("the changes are forgotten, and staged files swept")
                .isGreaterThan(changes);
        assertVerdict(CHANGES, Verdict.CHANGED_BY_OTHERS);
    }

    @Test
    void whatCannotBeComparedIsCountedAndAReplacedFileIsFound() throws IOException {
        String first = file(LEFT, 1);
        String second = file(LEFT, 2);
        staging.delete(List.of(first));
        AuditReport swept = assertVerdict(LEFT, Verdict.HOLDS);
        assertThat(swept.totals().staged().files()).isEqualTo(1);
        assertThat(swept.totals().ledger().rowHash())
                .isEqualTo(swept.totals().lake().rowHash());

        stageByAnOlderVersion(first.replaceAll("[^/]*$", "older.parquet"));
        run("ingest", LEFT);
        JsonNode older = audited(ExitCode.DONE);
        assertThat(older.get("verdict").textValue()).isEqualTo("holds");
        assertThat(older.at("/notes/0").textValue())
                .startsWith("1 rows are not comparable, staged by an older version");

        staging.delete(List.of(second));
        StoreStand.current().write(staging, second, "no Parquet file, whatever it is called");
        JsonNode replaced = audited(ExitCode.FAILED);
        assertThat(replaced.get("verdict").textValue()).isEqualTo("broken");
        assertThat(replaced.at("/findings/0/kind").textValue()).isEqualTo("staged-file-unreadable");
        assertThat(replaced.at("/findings/0/stagedFiles/0").textValue()).isEqualTo(second);
    }

    @Test
    void renamedColumnsAreProvedByCountForWhatWasLoadedBeforeAndByHashAfterwards() throws IOException {
        Files.writeString(contract(RENAMED), "dataset: renamed\nschema: renamed.avsc\n");
        String schema = """
                {"type": "record", "name": "R", "fields": [
                  {"name": "id", "type": "long"}, {"name": %s, "type": ["null", "double"], "default": null}]}
                """;
        Files.writeString(folder.resolve("contracts/renamed.avsc"), schema.formatted("\"fare\""));
        run("init");
        stageRenamed("id,fare\n1,1.5\n2,2.5\n3,\n");
        Files.writeString(
                folder.resolve("contracts/renamed.avsc"), schema.formatted("\"price\", \"aliases\": [\"fare\"]"));
        run("init");
        stageRenamed("id,price\n4,4.5\n5,5.5\n6,6.5\n");

        AuditReport report = assertVerdict(RENAMED, Verdict.HOLDS);
        assertThat(report.notes()).anyMatch(note -> note.contains("3 rows"));
        String batch = text("SELECT batch_id FROM lake.millrace.ledger WHERE staged_key = '" + file(RENAMED, 2) + "'");
        String former = text("SELECT batch_id FROM lake.millrace.ledger WHERE staged_key = '" + file(RENAMED, 1) + "'");
        String all = "SELECT id, price FROM lake.renamed AT (VERSION => " + newest() + ")";
        rewrite(RENAMED, batch, all + " WHERE id IN (4, 6) UNION ALL SELECT 5, 55.5", "id > 3");
        assertFinding(assertVerdict(RENAMED, Verdict.BROKEN), AuditFinding.Kind.ALTERED, file(RENAMED, 2), 1);
        rewrite(RENAMED, batch, all + " WHERE id > 3", "id > 3");
        assertVerdict(RENAMED, Verdict.HOLDS);
        rewrite(RENAMED, former, all + " WHERE id IN (1, 3)", "id <= 3");
        assertVerdict(RENAMED, Verdict.BROKEN);
        rewrite(RENAMED, former, all + " WHERE id <= 3", "id <= 3");
        run("compact", RENAMED, "--full");
        assertVerdict(RENAMED, Verdict.HOLDS);
    }

    private static void stageRenamed(String csv) throws IOException {
        Files.writeString(folder.resolve("renamed.csv"), csv);
        run("stage", RENAMED, "renamed.csv", "--producer", "till-1");
        run("ingest", RENAMED);
    }

    /** As a fault of an ingest or a compaction would: rows of the lake are put in the place of others, by Millrace's own name. */
    private void rewrite(String dataset, String writer, String select, String replaced) {
        String file = LakeStand.address(folder).dataPath() + "main/" + dataset + "/" + writer + "-" + (90 + fault++)
                + ".parquet";
        session.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
        assertThat(Transaction.run(session, () -> {
                    session.execute("DELETE FROM lake." + dataset + " WHERE " + replaced);
                    session.execute("CALL ducklake_add_data_files('lake', '" + dataset + "', ['" + file + "'])");
                    session.execute("CALL lake.set_commit_message('millrace', 'a fault')");
                    return true;
                }))
                .isInstanceOf(CommitResult.Committed.class);
    }

    /** Its footer has the hash of before under the key of before; and a column whose name could end a text in SQL. */
    private static void stageByAnOlderVersion(String key) {
        session.execute("COPY (SELECT 7::BIGINT AS id, 7.5::DOUBLE AS fare, 'd' AS file, 1 AS \"it's\") TO '"
                + staging.address(key)
                + "' (FORMAT parquet, KV_METADATA {'millrace.row-hash': '0123456789abcdef'})");
    }

    private static void stageAndIngest(String csv) throws IOException {
        Files.writeString(folder.resolve("trips.csv"), csv);
        for (String dataset : List.of(FAULTS, CHANGES, LEFT)) {
            run("stage", dataset, "trips.csv", "--producer", "till-1");
        }
        run("ingest");
    }

    private static void run(String... args) {
        CommandRun run = CommandRun.of(folder, args);
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private static Path contract(String dataset) {
        return folder.resolve("contracts/" + dataset + ".yaml");
    }

    private static JsonNode audited(ExitCode exitCode) throws IOException {
        CommandRun run = CommandRun.of(folder, "audit", LEFT, "--json");
        assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(exitCode.code());
        return JSON.readTree(run.out()).at("/datasets/0");
    }

    private static AuditReport assertVerdict(String dataset, Verdict verdict) {
        AuditReport report = new Audit(session, staging).run(ContractFile.read(contract(dataset)));
        assertThat(report.verdict()).as(report.toString()).isEqualTo(verdict);
        return report;
    }

    private static void assertFinding(AuditReport report, AuditFinding.Kind kind, String stagedFile, long rows) {
        assertThat(report.findings()).as(report.toString()).anySatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(kind);
            assertThat(finding.stagedFiles()).containsExactly(stagedFile);
            assertThat(finding.rows()).isEqualTo(rows);
        });
    }

    /** The staged file of a batch. */
    private static String file(String dataset, int batch) {
        return session.query(
                        "SELECT staged_key FROM lake.millrace.ledger WHERE dataset = ? ORDER BY decided_at",
                        row -> row.getString(1),
                        dataset)
                .get(batch - 1);
    }

    private static long newest() {
        return session.queryLong("SELECT max(snapshot_id) FROM __ducklake_metadata_lake.ducklake_snapshot");
    }

    private static String text(String sql) {
        return session.queryOne(sql, row -> row.getString(1)).orElseThrow();
    }
}
