package dev.millrace.bench.kills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.bench.oracle.Verdict;
import dev.millrace.failpoint.Failpoint;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that kills of an ingester of upserts lose, double and bring back no row, in folders; and that the oracle finds where one was. {@code bench/run kills
 * --dataset-mode UPSERT} makes the others.
 */
@Tag("slow")
class UpsertKillsTest {
    private static final List<Failpoint> FAILPOINTS = List.of(Failpoint.AFTER_END_FILES, Failpoint.AFTER_COMMIT);

    @TempDir
    private Path folder;

    private final Clock clock = Clock.systemUTC();
    private final long seed = Long.getLong("millrace.test.seed", System.nanoTime());

    @Test
    void theLastChangeOfEachItemIsThereOnce() {
        System.out.println("millrace.test.seed = " + seed);
        try (Lanes lanes = new Lanes(Sites.embedded(DatasetMode.UPSERT, folder, clock), seed, clock, 1)) {
            Passings passings = lanes.passings(EnumSet.of(Role.INGEST));
            for (Failpoint failpoint : FAILPOINTS) {
                Tally tally = lanes.run(failpoint.name(), 1, new FailpointKill(failpoint, passings, 1));

                assertThat(tally.findings()).isEmpty();
                assertThat(tally.struck()).isEqualTo(1);
            }
        }
    }

    @Test
    void whatTheLakeHasLostDoubledOrBroughtBackIsFound() {
        try (Site site = Sites.embedded(DatasetMode.UPSERT, folder, clock).next();
                Pipeline sound = Pipeline.create(site, clock)) {
            for (String producer : List.of("first", "second")) {
                DatasetMode.UPSERT.stage(site, producer);
                sound.ingest(Pipeline.LEASE);
            }
            Verdict verdict = sound.verdict();
            assertThat(verdict.findings()).isEmpty();
            assertThat(verdict.acknowledged()).isEqualTo(1_600);
            assertThat(verdict.inLake()).isBetween(200L, 299L);

            sound.session().execute("DELETE FROM lake.main.events WHERE item IN (5, 12)");
            sound.session().execute("UPDATE lake.main.events SET sequence = sequence - 300 WHERE item = 6");
            sound.session().execute("UPDATE lake.main.events SET note = 'x' WHERE item = 10");
            sound.session().execute("INSERT INTO lake.main.events FROM lake.main.events WHERE item = 11");
            verdict = sound.verdict();
            assertThat(verdict.lost()).isEqualTo(3);
            assertThat(verdict.doubled()).isEqualTo(1);
            assertThat(verdict.findings())
                    .anyMatch(finding -> finding.startsWith("3 last changes of items are not in the lake: 12:"))
                    .anyMatch(finding -> finding.startsWith("1 rows are there that were replaced"))
                    .anyMatch(finding -> finding.startsWith("2 rows have another content"))
                    .anyMatch(finding -> finding.contains("item 11 (2 times)"))
                    .anyMatch(finding -> finding.startsWith("1 sums differ"));
        }
    }
}
