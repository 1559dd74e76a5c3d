package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Server;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.DatasetName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proves that an ingest outlives a server that restarts, and that one which stays away costs no row and blames no file. */
@Tag("served")
class RestartedServersTest {
    private static final int FILES = 30;
    private static final int ROWS_IN_FILE = 20;
    private static final IngestSettings SMALL_BATCHES =
            new IngestSettings(new BatchLimits(1_000_000, 5, 16), 256_000_000, Duration.ZERO);

    @TempDir
    private Path folder;

    private final LocalServers servers = LocalServers.shared();
    private Pipeline pipeline;

    @BeforeEach
    void stage() {
        pipeline = Pipeline.initialized(folder);
        for (int file = 0; file < FILES; file++) {
            pipeline.stage("p" + file % 3, file % 10, (long) file * ROWS_IN_FILE, ROWS_IN_FILE);
        }
    }

    @AfterEach
    void startServers() {
        servers.start(Server.MINIO);
        servers.start(Server.POSTGRES);
    }

    @ParameterizedTest
    @EnumSource(
            value = Server.class,
            names = {"MINIO", "POSTGRES"})
    void aServerThatRestartsUnderAnIngestIsNotNoticed(Server server) {
        IngestResult result = ingest(new AtBatch(2) {
            @Override
            void reached() {
                servers.stop(server);
                servers.start(server);
            }
        });
        assertThat(result).isInstanceOf(IngestResult.Done.class);
        assertEveryRowOnce();
    }

    @ParameterizedTest
    @EnumSource(
            value = Server.class,
            names = {"MINIO", "POSTGRES"})
    void aServerThatIsKilledUnderAnIngestIsNotNoticedEither(Server server) {
        ingest(new AtBatch(3) {
            @Override
            void reached() {
                servers.kill(server);
                servers.start(server);
            }
        });
        assertEveryRowOnce();
    }

    @Test
    void anObjectStoreThatStaysAwayEndsTheIngestAndBlamesNoFile() {
        assertThatThrownBy(() -> ingest(new AtBatch(2) {
                    @Override
                    void reached() {
                        servers.stop(Server.MINIO);
                    }
                }))
                .isInstanceOfAny(LakeException.class, dev.millrace.storage.StorageException.class);
        servers.start(Server.MINIO);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.millrace.ledger WHERE status = 'quarantined'"))
                .isZero();
        assertThat(pipeline.ingest().counts().rows()).isPositive();
        assertEveryRowOnce();
    }

    private IngestResult ingest(IngestListener listener) {
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            return pipeline.ingester(session, SMALL_BATCHES, Clock.systemUTC(), listener)
                    .ingest(Pipeline.trips());
        }
    }

    private void assertEveryRowOnce() {
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(FILES * ROWS_IN_FILE);
        assertThat(pipeline.lakeLong("SELECT count(DISTINCT id) FROM lake.trips"))
                .isEqualTo(FILES * ROWS_IN_FILE);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.millrace.ledger WHERE status = 'loaded'"))
                .isEqualTo(FILES);
    }

    /** Does something between the writing of a batch's files and its commit. */
    private abstract static class AtBatch implements IngestListener {
        private int left;

        AtBatch(int batch) {
            left = batch;
        }

        abstract void reached();

        @Override
        public void written(DatasetName dataset, String batchId, int stagedFiles, int lakeFiles, long rows) {
            if (--left == 0) {
                reached();
            }
        }
    }
}
