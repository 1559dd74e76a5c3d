package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoreStand;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The dataset {@code m} beside the truth about it, which is a table of DuckDB alone with the same rows. */
abstract class EvolvingDataset {
    private static final JsonMapper JSON = new JsonMapper();

    /** Of each column; filters, order and the join are each answered by its own statistics. */
    private static final List<String> QUESTIONS = List.of(
            "SELECT (min(%1$s), max(%1$s))::VARCHAR FROM m",
            "SELECT list(id)::VARCHAR FROM (SELECT id FROM m ORDER BY %1$s NULLS LAST, id LIMIT 3)",
            "SELECT list(id ORDER BY id)::VARCHAR FROM m WHERE %1$s <= %2$s",
            "SELECT list(id ORDER BY id)::VARCHAR FROM m WHERE %1$s > %2$s",
            "SELECT list(id ORDER BY id)::VARCHAR FROM m WHERE %1$s = %2$s",
            "SELECT list(id ORDER BY id)::VARCHAR FROM m WHERE %1$s IN (%2$s, %3$s) OR %1$s IS NULL",
            "SELECT list(id ORDER BY id)::VARCHAR FROM m WHERE %1$s BETWEEN %2$s AND %3$s",
            "SELECT list(id ORDER BY id)::VARCHAR FROM m JOIN (SELECT max(%1$s) AS v FROM m) largest ON %1$s = largest.v");

    @TempDir
    Path folder;

    private Connection duckDb;

    /** What is asked for; the parts of nested columns are columns here. */
    final List<String> columns = new ArrayList<>();

    private int staged;

    @BeforeEach
    void open() throws SQLException {
        duckDb = DriverManager.getConnection("jdbc:duckdb:");
    }

    @AfterEach
    void close() throws SQLException {
        duckDb.close();
    }

    /** Changes the truth. */
    void execute(String sql) throws SQLException {
        try (Statement statement = duckDb.createStatement()) {
            statement.execute(sql);
        }
    }

    CommandRun run(String... args) {
        CommandRun run = CommandRun.of(folder, args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    void contract(String fields) throws IOException {
        contract(fields, "");
    }

    void contract(String fields, String more) throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(
                folder.resolve("contracts/m.avsc"),
                "{\"type\": \"record\", \"name\": \"M\", \"fields\": [" + fields + "]}");
        Files.writeString(folder.resolve("contracts/m.yaml"), "dataset: m\nschema: m.avsc\nsort-by: [id]\n" + more);
    }

    /** Puts the rows of a SELECT into a staged file and into the truth. */
    void stage(String select) throws SQLException, IOException {
        put(select);
        execute("INSERT INTO m BY NAME " + select);
    }

    void put(String select) throws SQLException, IOException {
        put("stranger", select);
    }

    void put(String producer, String select) throws SQLException, IOException {
        ObjectStore staging = StoreStand.current().store(folder, "staging");
        String key = "m/" + producer + "/" + staged++ + ".parquet";
        Path file = staging.newSpoolFile(key);
        execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
        staging.putIfAbsent(key, file);
    }

    void newColumn(String name, String type) throws SQLException {
        execute("ALTER TABLE m ADD COLUMN " + name + " " + type);
        columns.add(name);
    }

    void loads(int files) throws SQLException, IOException {
        assertThat(JSON.readTree(run("ingest", "--json").out())
                        .at("/datasets/0/files")
                        .asInt())
                .isEqualTo(files);
        tellsTheTruth();
        run("compact", "--full");
        tellsTheTruth();
    }

    /** All questions at once: each is a scan of its own to the engine. */
    void tellsTheTruth() throws SQLException, IOException {
        List<String> questions = new ArrayList<>();
        questions.add("SELECT list(row(" + String.join(", ", columns) + ") ORDER BY id)::VARCHAR FROM m");
        for (String column : columns) {
            String some = value(column, 0.5);
            String more = value(column, 0.9);
            QUESTIONS.forEach(question -> questions.add(question.formatted(column, some, more)));
        }
        String query = IntStream.range(0, questions.size())
                        .mapToObj(i -> "SELECT " + i + " AS question, (" + questions.get(i) + ") AS answer")
                        .collect(Collectors.joining(" UNION ALL "))
                + " ORDER BY question";
        JsonNode answers = JSON.readTree(
                        run("sql", "--json", "--max-rows", "10000", query).out())
                .get("rows");
        for (int question = 0; question < questions.size(); question++) {
            JsonNode answer = answers.get(question).get(1);
            assertThat(answer.isNull() ? null : answer.asText())
                    .as(questions.get(question))
                    .isEqualTo(truth(questions.get(question)));
        }
    }

    /** One that stands so far up in the column, as a literal: the engine holds it against its statistics. */
    private String value(String column, double place) throws SQLException {
        return truth("SELECT '''' || quantile_disc(" + column + ", " + place + ") || '''' FROM m");
    }

    String truth(String query) throws SQLException {
        try (Statement statement = duckDb.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }
}
