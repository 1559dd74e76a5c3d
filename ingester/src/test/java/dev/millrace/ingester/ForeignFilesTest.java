package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that each file of the corpora of apache/parquet-testing is loaded with the rows that pyarrow reads, or is quarantined with
 * the reason that stands in {@code parquet-testing/verdicts.tsv}, that the ingester lives on, and that a good file beside it always
 * loads. {@code -Dmillrace.corpora=all} takes all files instead of some.
 */
@Tag("slow")
class ForeignFilesTest {
    private static final Path CORPORA = Path.of("src/test/resources/parquet-testing");
    private static final boolean ALL = "all".equals(System.getProperty("millrace.corpora"));
    private static final String NEIGHBOUR = "neighbour";
    private static final int NEIGHBOURS = 3;

    private static final IngestSettings SETTINGS =
            Pipeline.SETTINGS.with(new FileLimits(64_000_000, 10_000, 64, 1_000_000_000, 100_000_000, 1_000_000_000));

    /** Every transaction takes longer the more datasets a lake has. */
    private static final int FILES_IN_LAKE = 10;

    private static final String LEDGER = """
            SELECT CASE status WHEN 'loaded' THEN 'loaded' ELSE reason || chr(9) || message END
            FROM lake.millrace.ledger WHERE staged_key = ?
            """;

    @TempDir
    private Path folder;

    @Test
    @Timeout(1_200)
    void eachFileIsLoadedAsOthersReadItOrQuarantinedWithItsReason() throws IOException {
        Map<String, String> others = table("pyarrow.tsv");
        List<String> seen = new ArrayList<>();
        List<String> names = portion(List.copyOf(others.keySet()));
        for (int first = 0; first < names.size(); first += FILES_IN_LAKE) {
            Pipeline pipeline = new Pipeline(Files.createDirectory(folder.resolve("lake" + first)));
            try (LakeSession session = pipeline.session(SessionOptions.Access.CREATE)) {
                PipelineTables.install(session);
                for (String name : names.subList(first, Math.min(names.size(), first + FILES_IN_LAKE))) {
                    seen.add(name + "\t" + verdict(pipeline, session, name, others.get(name)));
                }
            }
        }
        Path found = Files.writeString(Path.of("target/verdicts.tsv"), String.join("\n", seen) + "\n");
        Map<String, String> pinned = table("verdicts.tsv");
        assertThat(seen.stream().map(ForeignFilesTest::withoutMessage))
                .as("pinned in verdicts.tsv, found in " + found)
                .containsExactlyElementsOf(names.stream()
                        .map(name -> name + "\t" + pinned.get(name))
                        .toList());
    }

    /** All of the bad files, and each fourth of the others. */
    private static List<String> portion(List<String> names) {
        return ALL
                ? names
                : IntStream.range(0, names.size())
                        .filter(i -> i % 4 == 1 || names.get(i).startsWith("bad_data"))
                        .mapToObj(names::get)
                        .toList();
    }

    private static String verdict(Pipeline pipeline, LakeSession session, String name, String others)
            throws IOException {
        Contract contract = contract(name);
        DatasetTable table = new DatasetTable(session, contract.dataset());
        new DatasetContract(session, contract).apply();
        pipeline.stage(contract, "good", neighbours(contract));
        String key = contract.dataset() + "/stranger/file.parquet";
        pipeline.put(key, Files.readAllBytes(CORPORA.resolve(name)));

        pipeline.ingester(session, SETTINGS, Clock.systemUTC(), IngestListener.NONE)
                .ingest(contract);

        assertThat(session.queryLong("SELECT count(" + NEIGHBOUR + ") FROM " + table.sqlName()))
                .as("the good neighbour of " + name)
                .isEqualTo(NEIGHBOURS);
        String verdict = session.queryOne(LEDGER, row -> row.getString(1), key).orElse("undecided");
        if (!verdict.equals("loaded")) {
            return verdict;
        }
        String total = session.read("SELECT * FROM " + table.sqlName() + " WHERE " + NEIGHBOUR + " IS NULL", rows -> {
            RowText text = new RowText();
            while (rows.next()) {
                text.add(rows, NEIGHBOUR);
            }
            return text.total();
        });
        return total.equals(others) ? "loaded" : "loaded\t" + total;
    }

    private static String withoutMessage(String line) {
        String[] parts = line.split("\t", -1);
        return parts[1].equals("loaded") ? line : parts[0] + "\t" + parts[1];
    }

    private static Contract contract(String file) {
        String dataset = file.replaceFirst("\\.parquet.*", "")
                .replaceAll("[^A-Za-z0-9]+", "_")
                .toLowerCase(Locale.ROOT);
        return new Contract(
                DatasetName.parse(dataset),
                SchemaBuilder.record("Foreign").fields().optionalLong(NEIGHBOUR).endRecord(),
                List.of(),
                List.of(),
                WriteMode.APPEND,
                EvolutionPolicy.ADD_COLUMNS);
    }

    private static List<GenericRecord> neighbours(Contract contract) {
        return Stream.iterate(0L, n -> n < NEIGHBOURS, n -> n + 1)
                .<GenericRecord>map(n -> {
                    GenericRecord row = new GenericData.Record(contract.schema());
                    row.put(NEIGHBOUR, n);
                    return row;
                })
                .toList();
    }

    private static Map<String, String> table(String name) throws IOException {
        return Files.readAllLines(CORPORA.resolve(name), StandardCharsets.UTF_8).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", 2))
                .collect(Collectors.toMap(p -> p[0], p -> p[1], (a, b) -> a, TreeMap::new));
    }
}
