package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proves that filters, minimum and order tell the truth after every kind of change that a file or a contract may bring, before
 * and after a compaction. The truth is a table of DuckDB alone, with the same rows.
 */
@Tag("slow")
class EvolutionTest extends EvolvingDataset {
    private static final String ID = "{\"name\": \"id\", \"type\": \"long\"}";
    private static final String A = ", {\"name\": \"a\", \"type\": [\"null\", \"int\"]}";
    private static final String T = ", {\"name\": \"t\", \"type\": [\"null\", \"string\"]}";
    private static final String D =
            ", {\"name\": \"d\", \"type\": [\"null\", {\"type\": \"int\", \"logicalType\": \"date\"}]}";

    @BeforeEach
    void makeTheDataset() throws Exception {
        execute("CREATE TABLE m (id BIGINT, a INTEGER, t VARCHAR)");
        columns.addAll(List.of("id", "a", "t"));
        contract(ID + A + T);
        run("init");
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
    void aColumnThatTheContractRenamesIsReadUnderBothNames() throws Exception {
        stage("SELECT i AS id, (i * 10)::INTEGER AS a, 'x' || i AS t FROM range(1, 4) r(i)");
        loads(1);

        // One under each name waits when the contract changes; a column of the former name comes again for something
        // else.
        put("SELECT i AS id, (i * 10)::INTEGER AS a, 'y' || i AS t FROM range(10, 13) r(i)");
        execute("INSERT INTO m SELECT i AS id, (i * 10)::INTEGER AS a, 'y' || i AS t FROM range(10, 13) r(i)");
        execute("ALTER TABLE m RENAME a TO amount");
        columns.set(1, "amount");
        stage("SELECT i AS id, (i * 10)::SMALLINT AS amount, 'z' || i AS t FROM range(20, 23) r(i)");
        contract(ID + renamed("amount", "\"int\"", "a") + T);
        assertThat(run("contract", "check").out())
                .contains("step: the column 'a' is renamed to 'amount' by 'millrace init'");
        loads(2);
        assertThat(run("init").out()).isEqualTo("m: unchanged\n");

        put("SELECT 30::BIGINT AS id, 5 AS a, 6 AS amount");
        loads(0);
        assertThat(run("status").out())
                .contains("it has the columns 'a' and 'amount', which the contract takes for one");

        contract(ID + renamed("price", "\"int\"", "amount", "a") + renamed("text", "\"string\"", "t"));
        assertThat(run("init").out()).isEqualTo("""
            m: changed
              the column 'amount' is renamed to 'price'
              the column 't' is renamed to 'text'
            """);
        execute("ALTER TABLE m RENAME amount TO price");
        execute("ALTER TABLE m RENAME t TO text");
        columns.set(1, "price");
        columns.set(2, "text");
        tellsTheTruth();
        put("SELECT 40::BIGINT AS id, 7 AS a, 'old' AS t");
        put("SELECT 41::BIGINT AS id, -8 AS amount, 'new' AS text");
        execute("INSERT INTO m VALUES (40, 7, 'old'), (41, -8, 'new')");
        loads(2);
        assertThat(run(
                                "sql",
                                "SELECT change, subject, former_name, brought_by FROM millrace.evolution ORDER BY"
                                        + " subject")
                        .out())
                .containsPattern("column-renamed +amount +a ")
                .containsPattern("column-renamed +price +amount")
                .containsPattern("column-renamed +text +t ");
    }

    @Test
    void fieldsAreAddedToRecordsListsAndMapsByFilesAndByContract() throws Exception {
        execute("ALTER TABLE m ADD COLUMN s STRUCT(x INTEGER)");
        execute("ALTER TABLE m ADD COLUMN l STRUCT(x INTEGER)[]");
        execute("ALTER TABLE m ADD COLUMN k MAP(VARCHAR, STRUCT(x INTEGER))");
        columns.addAll(List.of("s.x", "l[1].x", "k['k'].x"));
        String few =
                "SELECT i AS id, {'x': i::INTEGER} AS s, [{'x': i::INTEGER}] AS l, MAP {'k': {'x': i::INTEGER}} AS k"
                        + " FROM range(%d, %d) r(i)";
        stage(few.formatted(1, 5));
        loads(1);

        stage(few.formatted(10, 12));
        execute("ALTER TABLE m ALTER s TYPE STRUCT(x INTEGER, y INTEGER)");
        execute("ALTER TABLE m ALTER l TYPE STRUCT(x INTEGER, y INTEGER)[]");
        execute("ALTER TABLE m ALTER k TYPE MAP(VARCHAR, STRUCT(x INTEGER, y INTEGER))");
        columns.addAll(List.of("s.y", "l[1].y", "k['k'].y"));
        stage("SELECT i AS id, {'y': (i * 10)::INTEGER, 'x': i::SMALLINT} AS s, [{'x': i::INTEGER, 'y':"
                + " -i::INTEGER}, NULL] AS l, MAP {'k': {'x': i::INTEGER, 'y': i::INTEGER}} AS k FROM range(20,"
                + " 24) r(i)");
        stage("SELECT 30::BIGINT AS id, NULL::STRUCT(y INTEGER) AS s, []::STRUCT(x INTEGER)[] AS l");
        loads(3);

        String record = "{\"type\": \"record\", \"name\": \"S\", \"fields\": ["
                + "{\"name\": \"x\", \"type\": [\"null\", \"int\"]}, {\"name\": \"y\", \"type\": [\"null\", \"int\"]},"
                + "{\"name\": \"z\", \"type\": [\"null\", \"double\"]}]}";
        contract(ID + A + T + ", {\"name\": \"s\", \"type\": [\"null\", " + record + "]}");
        assertThat(run("contract", "check").out())
                .contains("step: the field 's.z' (DOUBLE) is added by 'millrace init'");
        assertThat(run("init").out()).contains("the field 's.z' (DOUBLE) is added");
        execute("ALTER TABLE m ALTER s TYPE STRUCT(x INTEGER, y INTEGER, z DOUBLE)");
        columns.add("s.z");
        tellsTheTruth();
        stage("SELECT i AS id, {'z': i / 4, 'x': i::INTEGER} AS s FROM range(40, 44) r(i)");
        stage(few.formatted(50, 52));
        loads(2);

        put("SELECT 60::BIGINT AS id, {'x': 'one'} AS s");
        put("SELECT 61::BIGINT AS id, {'X': 1} AS s");
        loads(0);
        assertThat(run("status").out())
                .contains("'s' has the type STRUCT(x VARCHAR) in the file and STRUCT(x INTEGER, y INTEGER, z DOUBLE) in"
                        + " the dataset");
        assertThat(run("sql", "SELECT change, subject, type, brought_by FROM millrace.evolution ORDER BY ALL")
                        .out())
                .containsPattern("field-added +k.value.y +INTEGER +m/stranger/2.parquet")
                .containsPattern("field-added +l.element.y +INTEGER +m/stranger/2.parquet")
                .containsPattern("field-added +s.y +INTEGER +m/stranger/2.parquet")
                .containsPattern("field-added +s.z +DOUBLE +");
    }

    @Test
    void aSampleOfPairsOfSchemas() throws Exception {
        SchemaPairs pairs = new SchemaPairs(20261125, Integer.getInteger("millrace.test.pairs", 6));
        for (SchemaPairs.Pair pair : pairs.all()) {
            newColumn(pair.name(), pair.before().sql());
            columns.remove(pair.name());
            columns.addAll(pair.before().questions(pair.name()));
        }
        stage("SELECT i AS id, " + pairs.values(SchemaPairs.Pair::before) + " FROM range(1, 12) r(i)");
        loads(1);

        for (SchemaPairs.Pair pair : pairs.all()) {
            execute("ALTER TABLE m ALTER " + pair.name() + " TYPE "
                    + pair.after().sql());
        }
        stage("SELECT i AS id, " + pairs.values(SchemaPairs.Pair::file) + " FROM range(20, 31) r(i)");
        stage("SELECT i AS id, " + pairs.values(SchemaPairs.Pair::before) + " FROM range(40, 45) r(i)");
        columns.removeIf(column -> column.startsWith("c"));
        for (SchemaPairs.Pair pair : pairs.all()) {
            columns.addAll(pair.after().questions(pair.name()));
        }
        loads(2);
    }

    @Test
    void aColumnToPartitionByIsRenamed() throws Exception {
        String fields = "{\"type\": \"record\", \"name\": \"P\", \"fields\": [" + ID + ", %s]}";
        Files.writeString(folder.resolve("contracts/p.yaml"), "dataset: p\nschema: p.avsc\npartition-by: [day]\n");
        Files.writeString(
                folder.resolve("contracts/p.avsc"), fields.formatted("{\"name\": \"day\", \"type\": \"int\"}"));
        run("init");
        Files.createDirectories(folder.resolve("staging/p"));
        String file = "COPY (SELECT i AS id, (i %% 3)::INTEGER AS %s FROM range(%d, %d) r(i)) TO '" + folder
                + "/staging/p/%d.parquet' (FORMAT parquet)";
        execute(file.formatted("day", 0, 9, 1));
        run("ingest", "p");
        Files.writeString(folder.resolve("contracts/p.yaml"), "dataset: p\nschema: p.avsc\npartition-by: [jour]\n");
        Files.writeString(
                folder.resolve("contracts/p.avsc"),
                fields.formatted("{\"name\": \"jour\", \"type\": \"int\", \"aliases\": [\"day\"]}"));
        execute(file.formatted("jour", 9, 18, 2));
        execute(file.formatted("day", 18, 27, 3));
        run("ingest", "p");

        String question = "SELECT count(*), min(jour), max(jour), list(id ORDER BY id) FILTER (jour = 1) FROM p";
        String answer = "[\"27\",\"0\",\"2\",\"[1, 4, 7, 10, 13, 16, 19, 22, 25]\"]";
        assertThat(run("sql", "--json", question).out()).contains(answer);
        assertThat(run("sql", "--json", "SELECT list(id ORDER BY id) FROM p WHERE jour = 1")
                        .out())
                .contains("[1, 4, 7, 10, 13, 16, 19, 22, 25]");
        assertThat(run("compact", "p", "--full", "--json").out()).contains("\"dataset\":\"p\"");
        assertThat(run("sql", "--json", question).out()).contains(answer);
        assertThat(run("sql", "--json", "SELECT count(DISTINCT filename) FROM p")
                        .out())
                .contains("[\"3\"]");
    }

    private static String renamed(String name, String type, String... aliases) {
        return ", {\"name\": \"" + name + "\", \"type\": [\"null\", " + type + "], \"aliases\": [\""
                + String.join("\", \"", aliases) + "\"]}";
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
