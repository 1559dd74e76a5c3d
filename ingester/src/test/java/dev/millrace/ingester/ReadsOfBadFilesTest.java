package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.S3Access;
import dev.millrace.lake.SessionOptions;
import dev.millrace.storage.S3Connection;
import dev.millrace.storage.S3Endpoint;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves by counting requests that one bad file among many costs a handful of them more, wherever it is bad. With
 * {@code -Dmillrace.test.files=2000} there are that many.
 */
@Tag("served")
class ReadsOfBadFilesTest {
    private static final int FILES = Integer.getInteger("millrace.test.files", 50);
    private static final IngestSettings ONE_BATCH =
            new IngestSettings(new BatchLimits(100_000_000, 5_000, 16), 256_000_000, Duration.ZERO);

    @TempDir
    Path folder;

    private Pipeline pipeline;
    private int staged;

    @BeforeEach
    void initialize() {
        pipeline = Pipeline.initialized(folder);
    }

    @Test
    @Timeout(1_200)
    void aBadFileCostsAHandfulOfRequests() throws IOException {
        stageGoodFiles();
        long usual = requestsOfIngest(0);
        tell("without a bad file", usual);

        stageGoodFiles();
        byte[] good = goodBytes();
        pipeline.putForeign("truncated.parquet", Arrays.copyOf(good, good.length / 2));
        long footer = requestsOfIngest(1);
        tell("one without a footer", footer);
        assertThat(footer).as("footer").isBetween(usual, usual + 20);

        stageGoodFiles();
        Arrays.fill(good, 4, 60, (byte) 0x5a);
        pipeline.putForeign("flipped.parquet", good);
        long data = requestsOfIngest(1);
        tell("one with bad data", data);
        assertThat(data).as("data").isBetween(usual, usual + 20);
    }

    /** For the documentation. */
    private static void tell(String what, long requests) throws IOException {
        Files.writeString(
                Path.of("target/reads-of-bad-files.tsv"),
                FILES + " files\t" + what + "\t" + requests + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private void stageGoodFiles() {
        for (int file = 0; file < FILES; file++) {
            pipeline.stage("p1", 1, staged++ * 10L, 10);
        }
    }

    private byte[] goodBytes() throws IOException {
        String key = pipeline.stage("p2", 1, 1_000_000, 200);
        byte[] bytes = pipeline.bytes(key);
        pipeline.staging.delete(List.of(key));
        return bytes;
    }

    private long requestsOfIngest(int bad) throws IOException {
        S3Connection connection = StoreStand.current().connection();
        S3Endpoint server = connection.endpoint();
        try (CountedRequests front = new CountedRequests(server.address().getPort(), "/staging/")) {
            S3Endpoint counted = new S3Endpoint(URI.create("http://127.0.0.1:" + front.port()), server.region(), true);
            SessionOptions options = SessionOptions.of(SessionOptions.Access.WRITE)
                    .withReadablePlaces(List.of(pipeline.staging.root() + "/"))
                    .withS3(new S3Access(counted, connection::credentials, Clock.systemUTC()));
            try (LakeSession session = LakeSession.open(LakeStand.address(folder), options)) {
                IngestResult.Done done = (IngestResult.Done)
                        pipeline.ingester(session, ONE_BATCH, Clock.systemUTC(), IngestListener.NONE)
                                .ingest(Pipeline.trips());
                assertThat(done.counts().files()).isEqualTo(FILES);
                assertThat(done.counts().quarantinedFiles()).isEqualTo(bad);
            }
            return front.count();
        }
    }
}
