package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.storage.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a file at which its reader stands still is found when its time is over, and that the files behind it are read all the same. */
@Tag("slow")
class SuspectTrialTest {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    @Test
    void aFileAtWhichItsReaderStandsStillIsFoundByTheTime() throws IOException, InterruptedException {
        DirectoryStore staging = DirectoryStore.create(folder.resolve("staging"));
        Path trips = Files.createDirectories(Path.of(staging.root()).resolve("trips/p1"));
        Files.writeString(trips.resolve("a.parquet"), "no Parquet file, which hurts nobody");
        // Nobody ever writes into it.
        Path pipe = trips.resolve("b.parquet");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.writeString(trips.resolve("c.parquet"), "nor is this one");

        Map<String, Quarantine> guilty = new SuspectTrial(staging, new SuspectTrial.Limits(500_000_000, PATIENCE))
                .guilty(List.of(file("a"), file("b"), file("c")));

        assertThat(guilty).containsOnlyKeys("trips/p1/b.parquet");
        Quarantine verdict = guilty.get("trips/p1/b.parquet");
        assertThat(verdict.reason()).isEqualTo(QuarantineReason.CRASHES_ENGINE);
        assertThat(verdict.message()).startsWith("a process that did nothing but read it had not ended after 3 s");
    }

    private static StagedObject file(String name) {
        return new StagedObject("trips/p1/" + name + ".parquet", 100, Instant.EPOCH);
    }
}
