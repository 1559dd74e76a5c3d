package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.PostgresServer;
import dev.millrace.infra.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves of a catalog on PostgreSQL that a backup by {@code pg_dump} and a copy of the data, made while commands go on, restores
 * everything up to it into a new database, and that the next ingest brings what the staging area still has. Needs an installed PostgreSQL
 * with its {@code pg_dump} and {@code pg_restore}, of one version.
 */
@Tag("slow")
class BackupOnServersTest {
    @TempDir
    private Path folder;

    private PostgresServer postgres;
    private int staged;

    @Test
    void whatWasBackedUpComesBackAndWhatIsStagedIsLoadedOnceMore() throws Exception {
        assumeThat(isInstalled("pg_dump") && isInstalled("pg_restore") && isInstalled("initdb"))
                .as("PostgreSQL with its client programs is installed")
                .isTrue();
        Files.createDirectories(folder.resolve("contracts"));
        Files.createDirectories(folder.resolve("backup"));
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
            {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}]}
            """);
        Files.writeString(folder.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\n");
        try (LocalServers servers =
                LocalServers.start(EnumSet.of(Server.POSTGRES), Map.of("MILLRACE_POSTGRES", "system"))) {
            postgres = servers.postgres();
            run("init");
            stageAndIngest();
            stageAndIngest();

            client("pg_dump", "-Fc", "-d", postgres.database(), "-f", "backup/lake.dump");
            // What comes now is in the copied data and staging area, and unknown to the dumped catalog.
            stageAndIngest();
            run("compact", "--full");
            PathUtils.copyDirectory(folder.resolve("lake"), folder.resolve("backup/lake"));
            stageAndIngest();

            PathUtils.deleteDirectory(folder.resolve("lake"));
            client("psql", "-d", "postgres", "-c", "DROP DATABASE " + postgres.database() + " WITH (FORCE)");
            client("psql", "-d", "postgres", "-c", "CREATE DATABASE " + postgres.database());
            client("pg_restore", "-d", postgres.database(), "backup/lake.dump");
            PathUtils.copyDirectory(folder.resolve("backup/lake"), folder.resolve("lake"));

            assertThat(ids()).as("as the catalog was").contains("1 2").doesNotContain("3");
            assertThat(run("audit").out()).contains("what was staged is what the lake holds");
            run("ingest");
            assertThat(ids()).as("with what was staged after it").contains("1 2 3 4");
            assertThat(run("audit").out()).contains("what was staged is what the lake holds");
            assertThat(run("doctor", "--json").out()).doesNotContain("\"failed\"");
        }
    }

    private static boolean isInstalled(String program) throws IOException {
        if (List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)))) {
            return true;
        }
        // Debian keeps the programs of the server here.
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return false;
        }
        try (Stream<Path> all = Files.list(versions)) {
            return all.anyMatch(
                    version -> Files.isExecutable(version.resolve("bin").resolve(program)));
        }
    }

    private Map<String, String> environment() {
        return Map.of(
                "MILLRACE_STAGING", folder.resolve("staging").toString(),
                "MILLRACE_LAKE_DATA", folder.resolve("lake").toString(),
                "MILLRACE_LAKE_CATALOG",
                        "postgres://" + postgres.host() + ":" + postgres.port() + "/" + postgres.database(),
                "PGUSER", postgres.admin().name(),
                "PGPASSWORD", postgres.admin().secret());
    }

    private void client(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(command));
        ProcessBuilder builder =
                new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "PGHOST", postgres.host(),
                        "PGPORT", Integer.toString(postgres.port()),
                        "PGUSER", postgres.admin().name(),
                        "PGPASSWORD", postgres.admin().secret()));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private void stageAndIngest() {
        staged++;
        CommandRun stage =
                CommandRun.of(folder, environment(), "id\n" + staged + "\n", "stage", "trips", "--format", "csv");
        assertThat(stage.exitCode()).as(stage.err()).isZero();
        run("ingest");
    }

    private String ids() {
        return run("sql", "SELECT string_agg(id, ' ' ORDER BY id) AS ids FROM trips")
                .out();
    }

    private CommandRun run(String... args) {
        CommandRun run = CommandRun.of(folder, environment(), "", args);
        assertThat(run.exitCode()).as(run.err() + run.out()).isIn(0, ExitCode.DEGRADED.code());
        return run;
    }
}
