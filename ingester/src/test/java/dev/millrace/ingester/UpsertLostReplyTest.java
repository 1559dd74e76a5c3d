package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.NamedFiles;
import dev.millrace.lake.ProxiedLake;
import dev.millrace.lake.SessionOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that an upsert happens once when the answer to any of its COMMITs is lost, or the COMMIT itself: the lake holds what a map
 * would, and every file that the catalog names is whole.
 */
@Tag("served")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class UpsertLostReplyTest {
    /** {@code -Dmillrace.test.rounds=100} for a long look. */
    private static final int ROUNDS = Integer.getInteger("millrace.test.rounds", 4);

    private static final IngestSettings SMALL_BATCHES =
            new IngestSettings(new BatchLimits(1_000_000, 2, 16), 256_000_000, Duration.ZERO);

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void anyCommitMayBeCutOrGoUnanswered() throws Exception {
        Counters counters = new Counters(Counters.byVersion(), random, 30);
        Pipeline pipeline = Pipeline.initialized(folder, counters.contract());
        try (ProxiedLake proxied = ProxiedLake.of(folder);
                LakeSession direct = pipeline.session(SessionOptions.Access.READ)) {
            for (int round = 0; round < ROUNDS; round++) {
                int files = 1 + random.nextInt(4);
                for (int file = 0; file < files; file++) {
                    counters.stage(pipeline);
                }
                int commit = random.nextInt(2 + (files + 1) / 2);
                CompletableFuture<Void> cut = random.nextInt(3) == 0
                        ? proxied.proxy().cutCommitAfter(commit)
                        : proxied.proxy().cutReplyOfCommitAfter(commit);
                try (LakeSession session =
                        proxied.open(SessionOptions.Access.WRITE, List.of(pipeline.staging.root() + "/"))) {
                    pipeline.ingester(session, SMALL_BATCHES, Clock.systemUTC(), IngestListener.NONE)
                            .ingest(counters.contract());
                }
                assertThat(cut).as("seed %d, round %d", seed, round).succeedsWithin(Duration.ofSeconds(10));
                counters.loaded(pipeline);
                assertThat(counters.read(direct))
                        .as("seed %d, round %d, commit %d", seed, round, commit)
                        .isEqualTo(counters.expected());
                assertThat(direct.queryLong("SELECT sum(staged_rows)::BIGINT FROM lake.millrace.upsert"))
                        .isEqualTo(direct.queryLong("SELECT sum(rows)::BIGINT FROM lake.millrace.ledger"));
            }
            assertThat(new NamedFiles(direct, pipeline.lakeData).problems()).isEmpty();
        }
    }
}
