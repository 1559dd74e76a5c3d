package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.FencedException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.RunStart;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that an exchange in the catalog's own tables leaves there what the engine leaves when it does the same: every table of the catalog, row
 * by row, but for times and the ids that runs and steps choose; that it opens no file that ends; and that it gives way to whoever commits between its look and its
 * COMMIT.
 */
@Tag("slow")
@Tag("stand")
class CatalogExchangeTest {
    private static final Contract READINGS = contract("readings", List.of("site", "day"));
    private static final Contract UNPARTITIONED = contract("plain", List.of());

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-25T12:00:00.123456Z"), ZoneOffset.UTC);
    private static final int ROUNDS = 2;
    private static final int FILES = 3;
    private static final List<String> TABLES = List.of(
            "ducklake_metadata",
            "ducklake_snapshot",
            "ducklake_snapshot_changes",
            "ducklake_schema",
            "ducklake_table",
            "ducklake_column",
            "ducklake_data_file",
            "ducklake_file_column_stats",
            "ducklake_file_variant_stats",
            "ducklake_file_partition_value",
            "ducklake_delete_file",
            "ducklake_files_scheduled_for_deletion",
            "ducklake_inlined_data_tables",
            "ducklake_column_mapping",
            "ducklake_name_mapping",
            "ducklake_partition_info",
            "ducklake_partition_column",
            "ducklake_schema_versions",
            "ducklake_table_stats",
            "ducklake_table_column_stats");
    private static final String INLINED =
            "SELECT table_name FROM __ducklake_metadata_lake.ducklake_inlined_data_tables";

    /** What depends on the order in which the engine's threads have written files. */
    private static final Set<String> OF_A_FILE = Set.of("row_id_start", "path");

    /** Ids of runs, steps and tables, the time of a commit, and the folder of this lake. */
    private static final Pattern CHOSEN =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|20[0-9]{2}-[0-9]{2}-[0-9]{2}("
                    + " [0-9:.]+\\+00|T[0-9:.]+Z)|.*(BY_ENGINE|IN_CATALOG).*|s3://.*");

    @TempDir
    private Path folder;

    private static Contract contract(String name, List<String> partitions) {
        Schema day = LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
        Schema time = LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
        Schema price = LogicalTypes.decimal(12, 3).addToSchema(Schema.create(Schema.Type.BYTES));
        return new Contract(
                DatasetName.parse(name),
                SchemaBuilder.record("Reading")
                        .fields()
                        .requiredLong("id")
                        .optionalInt("sensor")
                        .optionalDouble("temperature")
                        .optionalFloat("share")
                        .optionalString("note")
                        .optionalBoolean("good")
                        .optionalBytes("raw")
                        .name("taken_at")
                        .type(time)
                        .noDefault()
                        .name("price")
                        .type(price)
                        .noDefault()
                        .name("day")
                        .type(day)
                        .noDefault()
                        .optionalString("site")
                        .optionalString("nothing")
                        .endRecord(),
                partitions,
                List.of("id"),
                WriteMode.APPEND,
                EvolutionPolicy.ADD_COLUMNS);
    }

    @Test
    void theCatalogIsWhatTheEngineWouldHaveMadeOfIt() {
        assertSame(READINGS);
    }

    @Test
    void theCatalogIsWhatTheEngineWouldHaveMadeOfADatasetWithoutPartitions() {
        assertSame(UNPARTITIONED);
    }

    private void assertSame(Contract contract) {
        Map<String, List<String>> byEngine = compact(contract, MergeStep.Exchanging.BY_ENGINE);
        Map<String, List<String>> inCatalog = compact(contract, MergeStep.Exchanging.IN_CATALOG);
        assertThat(byEngine.get("ducklake_data_file")).hasSizeGreaterThan(ROUNDS * FILES);
        assertThat(inCatalog.keySet()).isEqualTo(byEngine.keySet());
        byEngine.forEach(
                (table, rows) -> assertThat(inCatalog.get(table)).as(table).isEqualTo(rows));
    }

    /** Two rounds, so that the later one finds what the first one has made. */
    private Map<String, List<String>> compact(Contract contract, MergeStep.Exchanging how) {
        try (TripsLake lake = new TripsLake(folder.resolve(how.name()), contract)) {
            lake.data().makeFolder("main/" + contract.dataset() + "/");
            for (int round = 0; round < ROUNDS; round++) {
                for (int file = 0; file < FILES; file++) {
                    load(lake, contract, 1_000L * (round * FILES + file));
                }
                compact(lake, contract, how);
            }
            return catalog(lake.session());
        }
    }

    private static void compact(TripsLake lake, Contract contract, MergeStep.Exchanging how) {
        CompactEnvironment environment = lake.environment(CLOCK, TripsLake.RETRY);
        Compactor compactor = new Compactor(environment, TripsLake.FULL, Budget.UNLIMITED);
        List<PlannedMerge> merges = compactor.inspect(contract).plan().merges();
        LeasedRun run =
                ((RunStart.Started) LeasedRun.begin(lake.session(), contract.dataset(), environment.terms())).run();
        List<String> inputs = keys(lake, contract);
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
            // The engine opens the files that it ends; without them only the catalog can be asked.
            if (at == Failpoint.AFTER_WRITE_LAKE_FILES && how == MergeStep.Exchanging.IN_CATALOG) {
                lake.data().delete(inputs);
            }
        })) {
            assertThat(listening).isNotNull();
            new MergeStep(environment, contract, TripsLake.FULL.targetFileBytes(), how).run(run, merges);
        }
        assertThat(lake.session()
                        .queryOne(
                                "SELECT commit_message FROM lake.snapshots() ORDER BY snapshot_id DESC LIMIT 1",
                                row -> row.getString(1)))
                .get()
                .asString()
                .startsWith("merge ");
        run.end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
    }

    private static List<String> keys(TripsLake lake, Contract contract) {
        List<String> keys = new ArrayList<>();
        lake.data().list("main/" + contract.dataset() + "/", page -> page.forEach(object -> keys.add(object.key())));
        return keys;
    }

    /** Compacts two files of 100 rows, while somebody else does something between the look at the catalog and the COMMIT. */
    private void compactBeside(Consumer<LakeSession> somebody, Consumer<TripsLake> check) {
        AtomicBoolean met = new AtomicBoolean();
        try (TripsLake lake = new TripsLake(folder.resolve("beside"));
                LakeSession another = lake.open(SessionOptions.Access.WRITE)) {
            lake.insert(0, 100, 1);
            lake.insert(100, 100, 1);
            try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
                if (at == Failpoint.AFTER_REGISTER && met.compareAndSet(false, true)) {
                    somebody.accept(another);
                }
            })) {
                assertThat(listening).isNotNull();
                check.accept(lake);
            }
        }
        assertThat(met).isTrue();
    }

    @Test
    void whatIsDeletedBetweenTheLookAndTheCommitStaysDeleted() {
        compactBeside(somebody -> somebody.execute("DELETE FROM lake.trips WHERE id = 5"), lake -> {
            assertThat(lake.compact(TripsLake.FULL).after().files()).isEqualTo(1);
            assertThat(lake.session().queryLong("SELECT count(*) FROM lake.trips WHERE md5(id::VARCHAR) <> ''"))
                    .isEqualTo(199);
            assertThat(lake.session().queryLong("SELECT count(*) FROM lake.trips WHERE id = 5"))
                    .isZero();
            assertThat(lake.session().queryLong("SELECT max(retries) FROM lake.millrace.run"))
                    .isPositive();
        });
    }

    @Test
    void whoeverHasLostTheLeaseExchangesNothing() {
        compactBeside(somebody -> somebody.execute("UPDATE lake.millrace.lease SET token = token + 1"), lake -> {
            assertThatThrownBy(() -> lake.compact(TripsLake.FULL)).isInstanceOf(FencedException.class);
            assertThat(lake.files()).isEqualTo(2);
            assertThat(lake.session().queryLong("SELECT count(*) FROM lake.millrace.step"))
                    .isZero();
        });
    }

    /** All of it, by table; a file is called by its folder, its rows and its snapshots. */
    private static Map<String, List<String>> catalog(LakeSession session) {
        Map<String, String> files = new HashMap<>();
        session.query(
                "SELECT data_file_id, regexp_extract(path, '.*/'), record_count, begin_snapshot, end_snapshot FROM "
                        + "__ducklake_metadata_lake.ducklake_data_file",
                row -> files.put(
                        row.getString(1),
                        "file " + row.getString(2) + " of " + row.getString(3) + " rows, " + row.getString(4) + " to "
                                + row.getString(5)));
        Map<String, List<String>> tables = new TreeMap<>();
        List<String> names = new ArrayList<>(TABLES);
        names.addAll(session.query(INLINED, row -> row.getString(1)));
        for (String table : names) {
            tables.put(
                    table,
                    session
                            .query(
                                    "SELECT * FROM __ducklake_metadata_lake." + SqlText.identifier(table),
                                    row -> line(row, files))
                            .stream()
                            .sorted()
                            .toList());
        }
        return tables;
    }

    private static String line(ResultSet row, Map<String, String> files) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
            String name = row.getMetaData().getColumnName(column);
            String value = row.getObject(column) instanceof Blob blob
                    ? new String(blob.getBytes(1, (int) blob.length()), StandardCharsets.UTF_8)
                    : row.getString(column);
            values.add(name.equals("data_file_id") ? files.get(value) : masked(name, value));
        }
        return String.join("|", values);
    }

    private static String masked(String column, String value) {
        if (value == null || OF_A_FILE.contains(column)) {
            return column;
        }
        // The engine tells of what it has done at once in any order.
        String told = column.equals("changes_made")
                ? Stream.of(value.split(",")).sorted().collect(Collectors.joining(","))
                : value;
        return CHOSEN.matcher(told).replaceAll("*");
    }

    private static void load(TripsLake lake, Contract contract, long first) {
        DatasetFiles files = new DatasetFiles(lake.session(), contract, TripsLake.FULL.targetFileBytes());
        files.register(files.write("""
            SELECT i AS id, if(i %% 7 = 0, NULL, i %% 100)::INTEGER AS sensor, sin(i) * 100 AS temperature,
                (i / 3)::FLOAT AS share, CASE WHEN i %% 2 = 0 THEN 'it''s ä ' || i END AS note, i %% 2 = 0 AS good,
                encode('x' || i)::BLOB AS raw, TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(i) AS taken_at,
                (i / 8)::DECIMAL(12, 3) AS price, DATE '2026-01-01' + (i %% 2)::INTEGER AS day,
                CASE i %% 3 WHEN 0 THEN NULL WHEN 1 THEN 'a b=c/%%' ELSE 'ö''x' END AS site, NULL::VARCHAR AS nothing
            FROM range(?, ?) r(i)
            """.replace("%%", "%"), BatchId.next().toString(), first, first + 1_000).stream()
                .map(DatasetFiles.WrittenFile::path)
                .toList());
    }
}
