package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.SessionOptions;
import dev.millrace.storage.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that a merge which would change the number of rows ends the compaction of its dataset and of no other, that the command says so and
 * deletes nothing.
 */
@Tag("slow")
@Tag("stand")
class StoppedCompactionTest {
    /** When snapshots and loaded staged files are due. */
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofDays(10));

    @TempDir
    Path folder;

    @BeforeEach
    void makeTwoDatasetsOfTwoFiles() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        for (String dataset : Set.of("rides", "trips")) {
            Files.writeString(folder.resolve("contracts/" + dataset + ".avsc"), """
                    {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}]}
                    """);
            Files.writeString(
                    folder.resolve("contracts/" + dataset + ".yaml"),
                    "dataset: " + dataset + "\nschema: " + dataset + ".avsc\n");
        }
        Files.writeString(folder.resolve("trips.csv"), "id\n1\n2\n3\n");
        done("init");
        for (String producer : Set.of("till-1", "till-2")) {
            done("stage", "rides", "trips.csv", "--producer", producer);
            done("stage", "trips", "trips.csv", "--producer", producer);
            done("ingest");
        }
    }

    private CommandRun run(String... args) {
        return CommandRun.at(LATER, folder, Map.of(), "", args);
    }

    private void done(String... args) {
        CommandRun run = CommandRun.of(folder, args);
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private Set<String> storedFiles(String dataset) {
        Set<String> keys = new TreeSet<>();
        LakeStand.data(folder).list("main/" + dataset + "/", page -> page.stream()
                .map(StoredObject::key)
                .forEach(keys::add));
        return keys;
    }

    /** Lets somebody else bring into the lake what a merge of rides has written, before the merge does so. */
    private CommandRun compactWhileAnotherRegisters(String... args) {
        Set<String> before = storedFiles("rides");
        AtomicBoolean isRegistered = new AtomicBoolean();
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
            if (at != Failpoint.AFTER_WRITE_LAKE_FILES) {
                return;
            }
            Set<String> written = storedFiles("rides");
            written.removeAll(before);
            if (!written.isEmpty() && isRegistered.compareAndSet(false, true)) {
                register(written.iterator().next());
            }
        })) {
            assertThat(listening).isNotNull();
            return run(args);
        } finally {
            assertThat(isRegistered).isTrue();
        }
    }

    private void register(String key) {
        try (LakeSession another = LakeStand.open(folder, SessionOptions.Access.WRITE)) {
            another.execute(
                    "CALL ducklake_add_data_files('lake', 'rides', ?)",
                    another.address().dataPath() + key);
        }
    }

    @Test
    void theOtherDatasetIsCompactedAndNothingIsDeleted() throws IOException {
        Set<String> before = storedFiles("rides");
        assertThat(run("compact", "--dry-run").out()).doesNotContain("0 snapshots would expire");

        CommandRun stopped = compactWhileAnotherRegisters("compact", "--full");

        assertThat(stopped.exitCode()).isEqualTo(ExitCode.FAILED.code());
        assertThat(stopped.err().lines().filter(line -> line.startsWith("millrace: ")))
                .singleElement()
                .asString()
                .contains(
                        "dataset 'rides': 6 rows before merging 2 files and 12 after it",
                        "nothing was deleted",
                        "report this");
        assertThat(stopped.out())
                .contains("trips: 2 files", "became 1")
                .contains("0 snapshots expired, 0 unneeded files deleted, 0 loaded staged files deleted");
        assertThat(storedFiles("rides")).containsAll(before);
        JsonNode rows = new JsonMapper()
                .readTree(run("sql", "SELECT (SELECT count(*) FROM rides), (SELECT count(*) FROM trips)", "--json")
                        .out());
        assertThat(rows.get("rows")).hasToString("[[\"12\",\"6\"]]");
        assertThat(run("doctor").out())
                .containsPattern("warning +last runs +\\d+ ms +1 last run failed or died")
                .contains("rides, compact: failed", "6 rows before merging 2 files");

        CommandRun next = run("compact", "--full");
        assertThat(next.exitCode()).as(next.err()).isZero();
        assertThat(next.out()).contains("rides: 3 files").doesNotContain("0 snapshots expired");
    }
}
