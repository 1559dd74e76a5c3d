package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.EveryCore;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that a dataset whose rows are too wide for the engine's memory is compacted to smaller files, without an error, a lost row or a
 * file left behind.
 */
@Tag("slow")
@ExtendWith(EveryCore.class)
class SmallMemoryTest {
    private static final DatasetName WIDE = DatasetName.parse("wide");
    private static final int COLUMNS = 30;
    private static final int FILES = 8;
    private static final int ROWS = 5_000;
    private static final MergePolicy FULL = new MergePolicy(256_000_000, Duration.ofHours(12), MergePolicy.Extent.FULL);

    @TempDir
    Path folder;

    private TripsLake lake;

    private static Contract contract() {
        SchemaBuilder.FieldAssembler<Schema> fields =
                SchemaBuilder.record("Wide").fields().requiredLong("id");
        for (int column = 0; column < COLUMNS; column++) {
            fields = fields.requiredString("text" + column);
        }
        return new Contract(
                WIDE, fields.endRecord(), List.of(), List.of("text0"), WriteMode.APPEND, EvolutionPolicy.ADD_COLUMNS);
    }

    @BeforeEach
    void fill() {
        lake = new TripsLake(folder, contract());
        lake.data().makeFolder("main/wide/");
        DatasetFiles files = new DatasetFiles(lake.session(), contract(), FULL.targetFileBytes());
        String texts = IntStream.range(0, COLUMNS)
                .mapToObj(column -> "md5((i * 31 + " + column + ")::VARCHAR) AS text" + column)
                .collect(Collectors.joining(", "));
        for (int file = 0; file < FILES; file++) {
            files.register(files
                    .write(
                            "SELECT i AS id, " + texts + " FROM range(?, ?) r(i)",
                            "load" + file,
                            (long) file * ROWS,
                            (long) (file + 1) * ROWS)
                    .stream()
                    .map(DatasetFiles.WrittenFile::path)
                    .toList());
        }
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private LakeSession sessionWith(long memoryBytes) {
        return LakeSession.open(
                LakeStand.address(folder),
                LakeStand.options(SessionOptions.Access.WRITE).withMemory(memoryBytes));
    }

    private CompactResult compact(LakeSession session) {
        return new Compactor(lake.environment(session, Clock.systemUTC(), TripsLake.RETRY), FULL, Budget.UNLIMITED)
                .compact(contract());
    }

    private List<String> content() {
        return lake.session()
                .query(
                        "SELECT count(*) || ' ' || sum(hash(id, text0, text29)::HUGEINT) FROM lake.wide",
                        row -> row.getString(1));
    }

    private long files() {
        return new DatasetTable(lake.session(), WIDE).size().files();
    }

    @Test
    void isCompactedToSmallerFiles() {
        List<String> before = content();

        try (LakeSession session = sessionWith(64_000_000)) {
            assertThat(compact(session)).isInstanceOf(CompactResult.Done.class);
            assertThat(files()).isGreaterThan(1).isLessThan(FILES);
            assertThat(content()).isEqualTo(before);
            assertThat(compact(session)).isInstanceOf(CompactResult.Done.class);
            assertThat(content()).isEqualTo(before);
        }

        Set<String> named = new HashSet<>(lake.session()
                .query("SELECT path FROM __ducklake_metadata_lake.ducklake_data_file", row -> row.getString(1)));
        Set<String> stored = new HashSet<>();
        lake.data()
                .list(
                        "main/wide/",
                        page -> page.forEach(object -> stored.add(object.key().substring("main/wide/".length()))));
        assertThat(stored).isEqualTo(named);

        // With more of it the same files become one.
        assertThat(compact(lake.session())).isInstanceOf(CompactResult.Done.class);
        assertThat(files()).isEqualTo(1);
        assertThat(content()).isEqualTo(before);
    }

    /** With so little that nothing is left to divide, the error says what to do. */
    @Test
    void aSingleFileIsNotDividedAndTwoAre() {
        MergeSlices slices = new MergeSlices(
                new DatasetInspection(lake.session(), WIDE, FULL.targetFileBytes()),
                new MergePlanner(FULL),
                () -> false);
        LakeFile clean = new LakeFile("", "a.parquet", 100, 0, 1_000_000);
        LakeFile dirty = new LakeFile("", "b.parquet", 50, 50, 1_000_000);

        assertThat(slices.shrink(List.of(new PlannedMerge("", List.of(dirty))))).isFalse();

        PlannedMerge one = new PlannedMerge("1", List.of(clean, clean));
        PlannedMerge another = new PlannedMerge("2", List.of(clean, clean));
        assertThat(slices.nextStep(List.of(one, another), 16)).hasSize(2);
        assertThat(slices.shrink(List.of(one, another))).isTrue();
        assertThat(slices.nextStep(List.of(one, another), 16)).hasSize(1);
    }
}
