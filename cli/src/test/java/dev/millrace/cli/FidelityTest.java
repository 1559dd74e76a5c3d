package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.sql.SqlText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that what other writers' files hold comes out of the lake as it went in, whatever its type and however it is encoded, before
 * and after a compaction, or is refused by a rule and its neighbours load. What went in is what the test has written, never what an
 * engine reads from the file. Of our own writer's files the ingester's TypeRoundTripTest says the same.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FidelityTest {
    private static final Path PAGE = Path.of("..", "docs", "fidelity.md");
    private static final String REWRITTEN = "rewritten";
    private static final String COPIED = "copied";
    private static final String LARGE = "large";
    private static final String CONTRACTED = "contracted";
    private static final String PAGES = "pages";
    private static final String ARROW = "arrow";
    private static final String REFUSING = "refusing";
    private static final List<String> CODECS = List.of("none", "snappy", "gzip", "brotli", "zstd", "lz4");

    private static final List<ForeignColumn> COLUMNS = Stream.of(
                    ForeignColumns.numbers(), ForeignColumns.texts(), ForeignColumns.times(), ForeignNests.columns())
            .flatMap(List::stream)
            .toList();
    /** Those that a lake file may have: the others are written anew, one dataset each. */
    private static final List<ForeignColumn> COPIED_COLUMNS =
            COLUMNS.stream().filter(c -> !c.rewritten()).toList();

    private static final List<ForeignColumn> NEVER_COPIED =
            COLUMNS.stream().filter(ForeignColumn::rewritten).toList();
    /** Each column once for each contract that takes its values. */
    private static final List<ForeignColumn> CONTRACTED_COLUMNS = COLUMNS.stream()
            .flatMap(column ->
                    IntStream.range(0, column.contracts().size()).mapToObj(i -> column.named(column.name() + "_" + i)))
            .toList();

    private static final int ROWS =
            2 + COLUMNS.stream().mapToInt(c -> c.cells().size()).max().orElseThrow();

    @TempDir
    static Path folder;

    private static LakeSession session;

    @BeforeAll
    static void ingest() throws IOException {
        contract(REWRITTEN, "", "");
        contract(COPIED, "", "target-file: 1KB\n");
        contract(LARGE, "", "target-file: 1KB\n");
        List<String> types =
                COLUMNS.stream().flatMap(column -> column.contracts().stream()).toList();
        StringBuilder fields = new StringBuilder();
        for (int field = 0; field < types.size(); field++) {
            fields.append(", {\"name\": \"")
                    .append(CONTRACTED_COLUMNS.get(field).name())
                    .append("\", \"type\": [\"null\", ")
                    .append(types.get(field).replace("\"S\"", "\"S" + field + "\""))
                    .append("]}");
        }
        contract(CONTRACTED, fields.toString(), "");
        contract(PAGES, "", "");
        contract(ARROW, """
                , {"name": "nothing", "type": ["null", {"type": "array", "items": "string"}]}
                , {"name": "time64", "type": ["null", {"type": "long", "logicalType": "time-micros"}]}
                """, "");
        contract(REFUSING, ForeignRefusal.CONTRACT, "");
        run("init");
        for (ForeignWriter writer : ForeignWriter.ALL) {
            write(REWRITTEN, writer, COLUMNS);
            write(COPIED, writer, COPIED_COLUMNS);
            write(LARGE, writer, NEVER_COPIED);
            write(CONTRACTED, writer, CONTRACTED_COLUMNS);
        }
        for (String codec : CODECS) {
            putResource(PAGES, "codec_" + codec);
        }
        putResource(PAGES, "delta_length");
        putResource(ARROW, "arrow_types");
        putRefused();
        run("ingest");
        session = LakeStand.open(folder, SessionOptions.Access.READ);
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @Test
    @Order(1)
    void everyFileThatFitsIsLoadedAndEveryOtherOneRefusedByItsRule() {
        assertThat(session.query(
                        "SELECT staged_key || ' ' || message FROM lake.millrace.ledger WHERE status <> 'loaded'"
                                + " AND dataset <> 'refusing'",
                        row -> row.getString(1)))
                .isEmpty();
        Map<String, String> refused = new HashMap<>();
        session.query(
                "SELECT regexp_extract(staged_key, '[^/]+$'), status || ' ' || coalesce(reason || ' ' || message, '')"
                        + " FROM lake.millrace.ledger WHERE dataset = 'refusing'",
                row -> refused.put(row.getString(1), row.getString(2)));
        List<ForeignRefusal> refusals = ForeignRefusal.all();
        for (int file = 0; file < refusals.size(); file++) {
            assertThat(refused.get(file + ".parquet"))
                    .as(refusals.get(file).what())
                    .startsWith("quarantined " + refusals.get(file).reason())
                    .contains(refusals.get(file).message());
        }
        assertThat(refused.get("nested_null.parquet")).startsWith("quarantined schema-mismatch 'element' within");
        assertThat(session.query("SELECT id FROM lake.refusing ORDER BY id", row -> row.getInt(1)))
                .as("the good neighbours")
                .containsExactly(1, 2);
    }

    @Test
    @Order(2)
    void everyValueComesOutAsItWentIn() {
        comesOut(true);
    }

    @Test
    @Order(3)
    void everyValueComesOutAfterACompaction() throws IOException {
        // With the target of the copies no file would be small enough for a merge.
        contract(COPIED, "", "");
        contract(LARGE, "", "");
        run("compact", "--full");
        assertThat(session.queryLong("SELECT count(*) FROM lake.millrace.step")).isPositive();
        comesOut(false);
    }

    @Test
    @Order(4)
    void thePageTellsWhatWasProved() throws IOException {
        GeneratedSection.requireUpToDate(PAGE, "types", FidelityTest.class, FidelityTables.types(COLUMNS));
        GeneratedSection.requireUpToDate(
                PAGE, "refusals", FidelityTest.class, FidelityTables.refusals(ForeignRefusal.all()));
        List<Path> files = new ArrayList<>();
        for (String dataset : List.of(REWRITTEN, PAGES)) {
            try (Stream<Path> staged = Files.list(folder.resolve("staging/" + dataset + "/stranger"))) {
                files.addAll(staged.toList());
            }
        }
        GeneratedSection.requireUpToDate(PAGE, "pages", FidelityTest.class, FidelityTables.pages(files));
    }

    private static void comesOut(boolean copied) {
        List<String> differences = new ArrayList<>();
        compare(REWRITTEN, COLUMNS, false, differences);
        compare(COPIED, COPIED_COLUMNS, copied, differences);
        compare(LARGE, NEVER_COPIED, false, differences);
        compare(CONTRACTED, CONTRACTED_COLUMNS, false, differences);
        assertThat(differences).isEmpty();
        tellsTypesAndFinds(REWRITTEN, COLUMNS);
        tellsTypesAndFinds(COPIED, COPIED_COLUMNS);
        assertThat(session.query(
                        "SELECT count(*) || ' ' || (text IS NOT DISTINCT FROM CASE WHEN id % 10 > 0 THEN 'text ' || id % 7"
                                + " END AND number = id * id - 5000) FROM lake.pages GROUP BY id, text, number",
                        row -> row.getString(1)))
                .hasSize(100)
                .containsOnly(CODECS.size() + 1 + " true");
        assertThat(session.query("""
                        SELECT row(time64, time32, seconds, date64, duration, large_text, dictionary, half, two, nothing)::VARCHAR
                        FROM lake.arrow ORDER BY id""", row -> row.getString(1)))
                .containsExactly(
                        "(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
                        "('23:59:59.999999', '00:00:01', '1969-12-31 23:59:59', 1969-12-31, 5, '', a, 1.5, [1, 2], NULL)");
        assertThat(session.query("SELECT column_name FROM (DESCRIBE lake.arrow)", row -> row.getString(1)))
                .doesNotContain("nothing_new");
    }

    private static void compare(String dataset, List<ForeignColumn> columns, boolean copied, List<String> differences) {
        for (ForeignColumn column : columns) {
            Map<Integer, String> found = new HashMap<>();
            session.query(
                    "SELECT id, " + SqlText.identifier(column.name()) + "::VARCHAR FROM lake." + dataset,
                    row -> found.put(row.getInt(1), row.getString(2)));
            assertThat(found).hasSize(ROWS * ForeignWriter.ALL.size());
            for (ForeignWriter writer : ForeignWriter.ALL) {
                for (int row = 0; row < ROWS; row++) {
                    String expected = column.cell(row)
                            .map(cell -> copied ? cell.copied() : cell.found())
                            .orElse(column.parquet().startsWith("repeated") ? "[]" : null);
                    String text = found.get(id(writer, row));
                    if (!Objects.equals(text, expected)) {
                        differences.add(dataset + ", " + column.name() + " by " + writer.name() + ": written "
                                + expected + ", found " + text);
                    }
                }
            }
        }
    }

    private static void tellsTypesAndFinds(String dataset, List<ForeignColumn> columns) {
        assertThat(session.query(
                        "SELECT column_name || ' ' || column_type FROM (DESCRIBE lake." + dataset
                                + ") WHERE column_name <> 'id'",
                        row -> row.getString(1)))
                .containsExactlyElementsOf(
                        columns.stream().map(c -> c.name() + " " + c.lake()).toList());
        findsByEquality(dataset, columns);
    }

    /** As literals, which the engine holds against its statistics and its Bloom filters. */
    private static void findsByEquality(String dataset, List<ForeignColumn> columns) {
        for (ForeignColumn column : columns) {
            List<String> values = column.cells().stream()
                    .map(ForeignColumn.Cell::found)
                    .filter(value -> value.indexOf('\0') < 0)
                    .distinct()
                    .toList();
            if (column.type().isPrimitive()
                    && !column.type().isRepetition(Type.Repetition.REPEATED)
                    && !column.lake().equals("JSON")) {
                String counts = values.stream()
                        .map(value -> "(SELECT count(*) FROM lake." + dataset + " WHERE "
                                + SqlText.identifier(column.name()) + " = " + SqlText.literal(value) + "::"
                                + column.lake() + ")")
                        .reduce((a, b) -> a + ", " + b)
                        .orElseThrow();
                assertThat(session.queryLong("SELECT least(" + counts + ")"))
                        .as("%s, %s = one of %s", dataset, column.name(), values)
                        .isGreaterThanOrEqualTo(ForeignWriter.ALL.size());
            }
        }
    }

    private static void write(String dataset, ForeignWriter writer, List<ForeignColumn> columns) throws IOException {
        List<Type> types = new ArrayList<>();
        types.add(Types.required(PrimitiveTypeName.INT64).named("id"));
        columns.forEach(column -> types.add(column.type()));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            Map<String, Object> fields = new HashMap<>();
            fields.put("id", id(writer, row));
            for (ForeignColumn column : columns) {
                column.cell(row).ifPresent(cell -> fields.put(column.name(), cell.written()));
            }
            rows.add(fields);
        }
        ForeignFile.write(
                staged(dataset, writer.name()), new MessageType("stranger", types), rows, writer.properties());
    }

    private static int id(ForeignWriter writer, int row) {
        return writer.number() * 1_000 + row;
    }

    private static void putRefused() throws IOException {
        MessageType onlyId = MessageTypeParser.parseMessageType("message stranger { required int64 id; }");
        ForeignFile.write(staged(REFUSING, "a"), onlyId, List.of(Map.of("id", 1L)), builder -> builder);
        List<ForeignRefusal> refusals = ForeignRefusal.all();
        for (int file = 0; file < refusals.size(); file++) {
            ForeignRefusal refusal = refusals.get(file);
            MessageType schema = MessageTypeParser.parseMessageType(
                    "message stranger { required int64 id; " + refusal.parquet() + " }");
            ForeignFile.write(
                    staged(REFUSING, Integer.toString(file)),
                    schema,
                    List.of(Map.of("id", 1_000L, schema.getFieldName(1), refusal.value())),
                    refusal.properties());
            // Of some the engine can't read the footer, and those are left alone while they are young.
            Files.setLastModifiedTime(
                    staged(REFUSING, Integer.toString(file)),
                    FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        }
        putResource(REFUSING, "nested_null");
        ForeignFile.write(staged(REFUSING, "z"), onlyId, List.of(Map.of("id", 2L)), builder -> builder);
    }

    private static void putResource(String dataset, String name) throws IOException {
        try (InputStream in = FidelityTest.class.getResourceAsStream("fidelity/" + name + ".parquet")) {
            Files.copy(in, staged(dataset, name));
        }
    }

    private static Path staged(String dataset, String name) throws IOException {
        Path file = folder.resolve("staging/" + dataset + "/stranger/" + name + ".parquet");
        Files.createDirectories(file.getParent());
        return file;
    }

    private static void contract(String dataset, String fields, String more) throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(
                folder.resolve("contracts/" + dataset + ".avsc"),
                "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"id\", \"type\": \"long\"}" + fields
                        + "]}");
        Files.writeString(
                folder.resolve("contracts/" + dataset + ".yaml"),
                "dataset: " + dataset + "\nschema: " + dataset + ".avsc\n" + more);
    }

    private static CommandRun run(String... args) {
        CommandRun run = CommandRun.of(folder, args);
        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
        return run;
    }
}
