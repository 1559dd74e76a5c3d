package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that a backup as the documentation has it made, while commands go on, restores everything up to it, and that the next ingest
 * brings what the staging area still has.
 */
@Tag("slow")
class BackupTest {
    private static final String COPY_CATALOG =
            "import sqlite3; sqlite3.connect('lake.sqlite').backup(sqlite3.connect('backup/lake.sqlite'))";

    @TempDir
    private Path folder;

    private int staged;

    @Test
    void whatWasBackedUpComesBackAndWhatIsStagedIsLoadedOnceMore() throws Exception {
        Files.createDirectories(folder.resolve("contracts"));
        Files.createDirectories(folder.resolve("backup"));
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
                {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}]}
                """);
        Files.writeString(folder.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\n");
        run("init");
        stageAndIngest();
        stageAndIngest();

        copyCatalog();
        // The catalog is copied first: what comes now is in the copied data and staging area, and unknown to the copied
        // catalog.
        stageAndIngest();
        run("compact", "--full");
        copy("lake", "backup/lake");
        stageAndIngest();

        for (String lost : new String[] {"lake.sqlite", "lake.sqlite-wal", "lake.sqlite-shm"}) {
            Files.deleteIfExists(folder.resolve(lost));
        }
        PathUtils.deleteDirectory(folder.resolve("lake"));
        Files.copy(folder.resolve("backup/lake.sqlite"), folder.resolve("lake.sqlite"));
        copy("backup/lake", "lake");

        assertThat(ids()).as("as the catalog was").contains("1 2").doesNotContain("3");
        assertThat(run("audit").out()).contains("what was staged is what the lake holds");
        run("ingest");
        assertThat(ids()).as("with what was staged after it").contains("1 2 3 4");
        assertThat(run("audit").out()).contains("what was staged is what the lake holds");
        assertThat(run("doctor", "--json").out()).doesNotContain("\"failed\"");
    }

    private void stageAndIngest() {
        staged++;
        CommandRun stage = CommandRun.of(folder, Map.of(), "id\n" + staged + "\n", "stage", "trips", "--format", "csv");
        assertThat(stage.exitCode()).as(stage.err()).isZero();
        run("ingest");
    }

    private void copyCatalog() throws IOException, InterruptedException {
        Process copy = new ProcessBuilder("python3", "-c", COPY_CATALOG)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(copy.waitFor()).isZero();
    }

    private void copy(String from, String to) throws IOException {
        PathUtils.copyDirectory(folder.resolve(from), folder.resolve(to));
    }

    private String ids() {
        return run("sql", "SELECT string_agg(id, ' ' ORDER BY id) AS ids FROM trips")
                .out();
    }

    private CommandRun run(String... args) {
        CommandRun run = CommandRun.of(folder, args);
        assertThat(run.exitCode()).as(run.err() + run.out()).isIn(0, ExitCode.DEGRADED.code());
        return run;
    }
}
