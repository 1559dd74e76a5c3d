package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.CommitResult;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Transaction;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.staging.AllTypes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;

/** A lake that rows of every type were ingested into, in several lake files. Close the session that {@link #open} gives. */
final class AllTypesLake {
    static final int FILES = 3;
    private static final int ROWS_IN_FILE = 80;
    private static final long NEVER_COPY = 256_000_000;
    private static final long COPY_ALWAYS = 1;

    /** How the rows become lake files. */
    enum Way {
        WRITTEN_ANEW(NEVER_COPY),
        COPIED_AS_STAGED(COPY_ALWAYS);

        private final long targetFileBytes;

        Way(long targetFileBytes) {
            this.targetFileBytes = targetFileBytes;
        }
    }

    final Pipeline pipeline;
    final List<GenericRecord> rows;

    private AllTypesLake(Pipeline pipeline, List<GenericRecord> rows) {
        this.pipeline = pipeline;
        this.rows = rows;
    }

    /** With rows that are the same for the same seed. */
    static AllTypesLake ingested(Path folder, Way way, long seed) {
        AllTypesLake lake = new AllTypesLake(
                Pipeline.initialized(folder, AllTypes.CONTRACT), new AllTypes(seed).rows(FILES * ROWS_IN_FILE));
        IngestSettings settings =
                new IngestSettings(Pipeline.SETTINGS.batchLimits(), way.targetFileBytes, Duration.ZERO);
        try (LakeSession session = lake.open()) {
            Ingester ingester = lake.pipeline.ingester(session, settings, Clock.systemUTC(), IngestListener.NONE);
            for (int file = 0; file < FILES; file++) {
                lake.pipeline.stage(
                        AllTypes.CONTRACT, "p1", lake.rows.subList(file * ROWS_IN_FILE, (file + 1) * ROWS_IN_FILE));
                ingester.ingest(AllTypes.CONTRACT);
            }
        }
        return lake;
    }

    LakeSession open() {
        return pipeline.session(SessionOptions.Access.WRITE);
    }

    static List<LakeColumn> columns(LakeSession session) {
        return new DatasetTable(session, AllTypes.CONTRACT.dataset()).columns();
    }

    static void merge(LakeSession session, String table) {
        // Outside of a transaction the driver prepares in one of its own and the engine fails with an internal error.
        CommitResult<Boolean> result = Transaction.run(session, () -> {
            session.execute("CALL ducklake_merge_adjacent_files('lake', '" + table + "')");
            return true;
        });
        assertThat(result).isInstanceOf(CommitResult.Committed.class);
    }

    static long lakeFiles(LakeSession session) {
        return new DatasetTable(session, AllTypes.CONTRACT.dataset()).size().files();
    }

    static List<String> quarantined(LakeSession session) {
        return session.query(
                "SELECT message FROM lake.millrace.ledger WHERE status = 'quarantined'", row -> row.getString(1));
    }

    /** Makes the temporary table {@code expected} with the rows as they were given to the writer. */
    void tellExpected(LakeSession session) {
        session.execute("CREATE TEMP TABLE expected ("
                + AllTypes.CONTRACT.columns().stream()
                        .map(c -> SqlText.identifier(c.name()) + " " + c.type().sql())
                        .collect(Collectors.joining(", "))
                + ")");
        session.execute("INSERT INTO expected VALUES "
                + rows.stream().map(AllTypesLake::literals).collect(Collectors.joining(", ")));
    }

    private static String literals(GenericRecord row) {
        return AllTypes.SCHEMA.getFields().stream()
                .map(field -> AvroLiteral.of(field.schema(), row.get(field.name())))
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
