package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Role;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.SessionOptions;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that no password and no secret key reaches an output, a debug log, an error, a stack trace, the list of processes,
 * a run record, a commit message or what the engine tells of its attached databases.
 */
@Tag("served")
class SecretsStayHiddenTest {
    private static final String WRONG_PASSWORD = "canary-of-a-wrong-password";
    private static final String WRONG_KEY = "canary-of-a-wrong-secret-key";

    @TempDir
    private Path folder;

    private final LocalServers servers = LocalServers.shared();
    private final Set<String> secrets = new TreeSet<>(Set.of(WRONG_PASSWORD, WRONG_KEY));
    private final Map<String, String> environment = new LinkedHashMap<>();

    @BeforeEach
    void write() throws IOException {
        environment.putAll(CommandStand.environment(folder));
        secrets.add(environment.get("PGPASSWORD"));
        secrets.add(environment.get("AWS_SECRET_ACCESS_KEY"));
        for (Role role : Role.values()) {
            secrets.add(servers.minio().login(role).secret());
            secrets.add(servers.postgres().login(role).secret());
        }
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
            {"type": "record", "name": "Trip", "fields": [
              {"name": "id", "type": "long"}, {"name": "town", "type": "string"}]}
            """);
        Files.writeString(folder.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\n");
        Files.writeString(folder.resolve("trips.csv"), "id,town\n1,Ulm\n2,Bonn\n");
    }

    @Test
    void whateverACommandDoesOrFailsAt() throws Exception {
        List<Heard> heard = new ArrayList<>();
        for (String command : List.of("init", "stage trips trips.csv", "ingest", "stage trips trips.csv", "ingest")) {
            Heard run = run(environment, command.split(" "));
            assertThat(run.exitCode()).as(run.text()).isZero();
            heard.add(run);
        }
        for (String command : List.of("compact", "status", "doctor --json")) {
            heard.add(run(environment, command.split(" ")));
        }
        heard.add(run(environment, "sql", "FROM duckdb_databases()", "--json"));
        heard.add(run(environment, "sql", "FROM duckdb_secrets()", "--json"));
        heard.add(run(environment, "sql", "FROM duckdb_settings()", "--json"));
        heard.add(run(with("PGPASSWORD", WRONG_PASSWORD), "status"));
        heard.add(run(with("PGPASSWORD", WRONG_PASSWORD), "doctor"));
        heard.add(run(with("AWS_SECRET_ACCESS_KEY", WRONG_KEY), "ingest"));
        heard.add(run(with("AWS_SECRET_ACCESS_KEY", WRONG_KEY), "stage", "trips", "trips.csv"));
        heard.add(run(with("AWS_SECRET_ACCESS_KEY", WRONG_KEY), "doctor"));
        heard.add(run(with("MILLRACE_LAKE_CATALOG", "postgres://me:" + WRONG_PASSWORD + "@127.0.0.1/lake"), "status"));
        heard.add(run(with("MILLRACE_LAKE_CATALOG", "postgres://127.0.0.1:1/lake"), "status"));
        heard.add(run(with("MILLRACE_STAGING", "s3://no-such-bucket/staging"), "stage", "trips", "trips.csv"));

        assertThat(heard).anySatisfy(run -> assertThat(run.arguments()).contains("doctor"));
        for (Heard run : heard) {
            assertThat(run.text() + run.arguments())
                    .as("%s", run.command())
                    .doesNotContain(secrets.toArray(String[]::new));
        }
        assertThat(heard.get(2).text()).as("the debug log was on").contains(" ms: ");
    }

    @Test
    void whatTheLakeRemembersOfItsRuns() throws Exception {
        for (String command : List.of("init", "stage trips trips.csv", "ingest")) {
            assertThat(run(environment, command.split(" ")).exitCode()).isZero();
        }
        run(with("AWS_SECRET_ACCESS_KEY", WRONG_KEY), "compact");
        try (LakeSession session = LakeStand.open(folder, SessionOptions.Access.READ)) {
            List<String> remembered = new ArrayList<>();
            for (String table : List.of("millrace.run", "millrace.ledger", "millrace.lease", "snapshots()")) {
                remembered.addAll(
                        session.query("SELECT t::VARCHAR FROM (FROM lake." + table + ") t", row -> row.getString(1)));
            }
            assertThat(remembered).isNotEmpty();
            assertThat(String.join("\n", remembered)).doesNotContain(secrets.toArray(String[]::new));
        }
    }

    private record Heard(String command, int exitCode, String text, String arguments) {}

    private Map<String, String> with(String variable, String value) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.put(variable, value);
        return changed;
    }

    private Heard run(Map<String, String> variables, String... arguments) throws Exception {
        Path output = Files.createTempFile(folder, "output", ".txt");
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--debug");
        ProcessBuilder builder = new ProcessBuilder(JavaProcess.command(List.of(), Millrace.class, all))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(variables);
        builder.environment().put("MILLRACE_LOG_LEVEL", "debug");
        Process process = builder.start();
        Set<String> seen = new TreeSet<>();
        do {
            seen.addAll(commandLines());
        } while (!process.waitFor(100, TimeUnit.MILLISECONDS));
        return new Heard(
                String.join(" ", arguments), process.waitFor(), Files.readString(output), String.join("\n", seen));
    }

    /** As any user of this machine sees them. */
    private static Set<String> commandLines() throws IOException {
        Set<String> lines = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    lines.add(Files.readString(process.resolve("cmdline")).replace('\0', ' '));
                } catch (IOException e) {
                    assertThat(e).as("it has ended since it was listed").isNotNull();
                }
            }
        }
        return lines;
    }
}
