package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that filters, minimum and order tell the truth after every kind of change that a file or a contract may bring, before
 * and after a compaction. The truth is a table of DuckDB alone, with the same rows.
 */
@Tag("slow")
class EvolutionTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ID = "{\"name\": \"id\", \"type\": \"long\"}";
    private static final String A = ", {\"name\": \"a\", \"type\": [\"null\", \"int\"]}";
    private static final String T = ", {\"name\": \"t\", \"type\": [\"null\", \"string\"]}";
    private static final String D =
            ", {\"name\": \"d\", \"type\": [\"null\", {\"type\": \"int\", \"logicalType\": \"date\"}]}";

    @TempDir
    Path folder;

    private Connection duckDb;
    private final List<String> columns = new ArrayList<>(List.of("id", "a", "t"));
    private int staged;

    @BeforeEach
    void makeTheDataset() throws Exception {
        duckDb = DriverManager.getConnection("jdbc:duckdb:");
        execute("CREATE TABLE m (id BIGINT, a INTEGER, t VARCHAR)");
        contract(ID + A + T);
        run("init");
    }

    @AfterEach
    void close() throws SQLException {
        duckDb.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = duckDb.createStatement()) {
            statement.execute(sql);
        }
    }

    private CommandRun run(String... args) {
        CommandRun run = CommandRun.of(folder, args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    private void contract(String fields) throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(
                folder.resolve("contracts/m.avsc"),
                "{\"type\": \"record\", \"name\": \"M\", \"fields\": [" + fields + "]}");
        Files.writeString(folder.resolve("contracts/m.yaml"), "dataset: m\nschema: m.avsc\nsort-by: [id]\n");
    }

    /** Puts the rows of a SELECT into a staged file and into the truth. */
    private void stage(String select) throws SQLException, IOException {
        put(select);
        execute("INSERT INTO m BY NAME " + select);
    }

    private void put(String select) throws SQLException, IOException {
        Files.createDirectories(folder.resolve("staging/m/stranger"));
        execute("COPY (" + select + ") TO '" + folder.resolve("staging/m/stranger/" + staged++ + ".parquet")
                + "' (FORMAT parquet)");
    }

    private void newColumn(String name, String type) throws SQLException {
        execute("ALTER TABLE m ADD COLUMN " + name + " " + type);
        columns.add(name);
    }

    private void loads(int files) throws SQLException, IOException {
        assertThat(JSON.readTree(run("ingest", "--json").out())
                        .at("/datasets/0/files")
                        .asInt())
                .isEqualTo(files);
        tellsTheTruth();
        run("compact", "--full");
        tellsTheTruth();
    }

    /** All questions at once: each is a scan of its own to the engine. */
    private void tellsTheTruth() throws SQLException, IOException {
        List<String> questions = new ArrayList<>();
        questions.add("SELECT list(row(" + String.join(", ", columns) + ") ORDER BY id)::VARCHAR FROM m");
        for (String column : columns) {
            questions.add("SELECT min(" + column + ")::VARCHAR FROM m");
            questions.add("SELECT max(" + column + ")::VARCHAR FROM m");
            questions.add(
                    "SELECT list(id)::VARCHAR FROM (SELECT id FROM m ORDER BY " + column + " NULLS LAST, id LIMIT 3)");
            String value = value(column);
            questions.add("SELECT list(id ORDER BY id)::VARCHAR FROM m WHERE " + column + " <= " + value);
            questions.add("SELECT list(id ORDER BY id)::VARCHAR FROM m WHERE " + column + " > " + value);
        }
        String query = "SELECT (" + String.join("), (", questions) + ")";
        JsonNode answers = JSON.readTree(run("sql", "--json", query).out()).at("/rows/0");
        for (int question = 0; question < questions.size(); question++) {
            JsonNode answer = answers.get(question);
            assertThat(answer.isNull() ? null : answer.asText())
                    .as(questions.get(question))
                    .isEqualTo(truth(questions.get(question)));
        }
    }

    /** One that stands in the middle of the column, as a literal: the engine holds it against its statistics. */
    private String value(String column) throws SQLException {
        return truth("SELECT  || quantile_disc(" + column + ", 0.5) ||  FROM m");
    }

    private String truth(String query) throws SQLException {
        try (Statement statement = duckDb.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    @Test
    void afterEveryChangeThatIsTakenAndNoneThatIsNot() throws Exception {
        stage("SELECT i AS id, (i * 10)::INTEGER AS a, 'x' || i AS t FROM range(1, 4) r(i)");
        loads(1);

        newColumn("b", "DOUBLE");
        stage("SELECT i AS id, (i * 100)::INTEGER AS a, 'y' AS t, i / 4 AS b FROM range(10, 13) r(i)");
        loads(1);

        stage("SELECT i AS id FROM range(20, 23) r(i)");
        stage("SELECT -i / 2 AS b, 'z' AS t, (-i)::INTEGER AS a, i AS id FROM range(30, 33) r(i)");
        stage("SELECT 40::BIGINT AS id, 7::SMALLINT AS a, 1.5::FLOAT AS b");
        loads(3);

        newColumn("d", "DATE");
        contract(ID + A + T + D);
        run("init");
        stage("SELECT 50::BIGINT AS id, DATE '1969-07-20' AS d");
        loads(1);

        // What the contract has no more stays, and may still come.
        contract(ID + T + D);
        run("init");
        stage("SELECT 60::BIGINT AS id, 5 AS a");
        loads(1);

        put("SELECT 70::BIGINT AS id, 5::BIGINT AS a");
        loads(0);
        assertThat(run("status").out())
                .contains("schema-mismatch", "'a' has the type BIGINT in the file and INTEGER in the dataset");
    }

    @Test
    void ofTwoTypesOfANewColumnTheOneThatHoldsBothIsTakenInEitherOrder() throws Exception {
        newColumn("c", "BIGINT");
        newColumn("e", "DOUBLE");
        stage("SELECT 1::BIGINT AS id, 10::INTEGER AS c, 2.5::DOUBLE AS e");
        stage("SELECT 2::BIGINT AS id, 5000000000::BIGINT AS c, 1.5::FLOAT AS e");
        loads(2);
    }
}
