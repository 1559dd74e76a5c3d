package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.lake.EveryCore;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.SessionOptions.Access;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves what becomes of files when it may be the engine, the memory or the store that is at fault: a whole backlog is not put into
 * quarantine, one file that needs too much memory is, and on S3 what was altered before its upload is told by its checksum on request.
 */
@Tag("slow")
@ExtendWith(EveryCore.class)
class EngineAtFaultTest {
    private static final int MANY = 25;
    private static final long SMALL_MEMORY_BYTES = 150_000_000;
    private static final IngestSettings LARGE = new IngestSettings(
                    new BatchLimits(1_000_000_000, 1_000, 16), 256_000_000, Duration.ZERO)
            .withMaxRefused(MANY);

    @TempDir
    Path folder;

    private Pipeline pipeline;

    @BeforeEach
    void initialize() {
        pipeline = Pipeline.initialized(folder);
    }

    @Test
    void aBacklogThatCanNotBeLoadedAtAllWaitsAndIsQuarantinedOnRequestOnly() throws IOException {
        for (int file = 0; file < MANY; file++) {
            StoreStand.current().write(pipeline.staging, Pipeline.foreignKey("f" + file), "nothing that can be read");
        }
        assertThatThrownBy(() -> pipeline.ingest(LARGE, Clock.systemUTC()))
                .isInstanceOf(RefusalsException.class)
                .hasMessageContainingAll("dataset 'trips'", "none was loaded", "not-parquet");
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.millrace.ledger"))
                .isZero();
        assertThat(pipeline.lakeTexts("SELECT outcome || ': ' || error FROM lake.millrace.run"))
                .singleElement()
                .asString()
                .startsWith("failed: ")
                .contains("none was loaded");

        pipeline.stage("p1", 1, 0, 10);
        assertThat(pipeline.ingest(LARGE, Clock.systemUTC()).counts().quarantinedFiles())
                .as("beside a file that can be loaded")
                .isEqualTo(MANY);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(10);

        for (int file = 0; file < MANY; file++) {
            StoreStand.current().write(pipeline.staging, Pipeline.foreignKey("g" + file), "nothing that can be read");
        }
        assertThat(pipeline.ingest(LARGE.withMaxRefused(MANY + 1), Clock.systemUTC())
                        .counts()
                        .quarantinedFiles())
                .as("where it is said that they are bad")
                .isEqualTo(MANY);
    }

    @Test
    void aFileThatNeedsMoreMemoryThanThereIsIsQuarantinedAlone() {
        pipeline.staging.makeFolder(Pipeline.foreignKey("").replaceAll("[^/]*$", ""));
        String place = pipeline.staging.address(Pipeline.foreignKey("heavy"));
        try (LakeSession session = pipeline.session(Access.WRITE)) {
            session.execute("COPY (SELECT i AS id, 1::INTEGER AS day, repeat(chr((65 + i)::INTEGER), 25000000) AS town"
                    + " FROM range(8) r(i)) TO '" + place + "' (FORMAT parquet)");
        }
        pipeline.stage("p1", 1, 100, 10);
        pipeline.stage("p1", 1, 200, 10);
        SessionOptions options = LakeStand.options(Access.WRITE)
                .withReadablePlaces(List.of(pipeline.staging.root() + "/"))
                .withMemory(SMALL_MEMORY_BYTES);
        try (LakeSession session = LakeSession.open(LakeStand.address(folder), options)) {
            pipeline.ingester(session, LARGE, Clock.systemUTC(), IngestListener.NONE)
                    .ingest(Pipeline.trips());
        }
        assertThat(pipeline.lakeTexts("SELECT staged_key || ' ' || reason || ' ' || message FROM lake.millrace.ledger"
                        + " WHERE status = 'quarantined'"))
                .singleElement()
                .asString()
                .startsWith(Pipeline.foreignKey("heavy") + " exceeds-memory Out of Memory Error");
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(20);
    }

    /** With another name in it, the file would bring a column that nobody has written. */
    @Test
    @Tag("stand")
    void aFooterThatWasAlteredBeforeItsUploadIsToldByItsChecksum() throws IOException {
        String key = pipeline.stage("p1", 1, 0, 10);
        byte[] altered = withAlteredFooter(pipeline.bytes(key));
        pipeline.staging.delete(List.of(key));
        pipeline.putForeign("altered.parquet", altered);
        pipeline.stage("p1", 1, 100, 10);

        pipeline.ingest(LARGE.with(ChecksumVerification.ALWAYS), Clock.systemUTC());

        assertThat(pipeline.lakeTexts("SELECT reason FROM lake.millrace.ledger WHERE status = 'quarantined'"))
                .containsExactly("checksum-mismatch");
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(10);

        pipeline.putForeign("again.parquet", altered);
        assertThat(pipeline.ingest(LARGE.with(ChecksumVerification.NEVER), Clock.systemUTC())
                        .counts()
                        .files())
                .as("where nothing is verified")
                .isEqualTo(1);
    }

    private static byte[] withAlteredFooter(byte[] file) {
        int trailer = file.length - 8;
        int footer =
                trailer - ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(trailer);
        String text = new String(file, StandardCharsets.ISO_8859_1);
        return (text.substring(0, footer) + text.substring(footer).replace("town", "tawn"))
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
