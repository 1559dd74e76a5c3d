package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.infra.ObjectStoreServer;
import dev.millrace.infra.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves of {@code millrace serve} on a MinIO and a PostgreSQL that MinIO's own notifications start an ingest on arrival, and that it
 * outlives its PostgreSQL: it says so, goes on when that is back, and the runs tell of it.
 */
@Tag("slow")
class ServeOnServersTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TOKEN = "a-token-of-twenty-characters-or-more";

    @TempDir
    static Path folder;

    private static int port;
    private static ServedLake lake;

    @BeforeAll
    static void makeALakeWhoseStoreTellsOfArrivals() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        lake = ServedLake.make(
                folder,
                Map.of(
                        "MINIO_NOTIFY_WEBHOOK_ENABLE_MILLRACE", "on",
                        "MINIO_NOTIFY_WEBHOOK_ENDPOINT_MILLRACE", "http://127.0.0.1:" + port + "/notify",
                        "MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_MILLRACE", "Bearer " + TOKEN));
        lake.servers().sendEvents(ObjectStoreServer.STAGING_BUCKET);
    }

    @AfterAll
    static void stop() {
        if (lake != null) {
            lake.close();
        }
    }

    private static CommandProcess serve(String ingest) throws IOException {
        Map<String, String> environment = new HashMap<>(lake.administrator());
        environment.putAll(Map.of(
                "MILLRACE_SERVE_LISTEN", "127.0.0.1:" + port,
                "MILLRACE_SERVE_TOKEN", TOKEN,
                "MILLRACE_SERVE_INGEST", ingest,
                "MILLRACE_SERVE_COMPACT", "off",
                "MILLRACE_SERVE_JITTER", "0s",
                "MILLRACE_SERVE_LOOK", "1s",
                "MILLRACE_SERVE_DEBOUNCE", "100ms"));
        CommandProcess serve = CommandProcess.start(folder, environment, "serve");
        serve.awaitAnswer();
        return serve;
    }

    private static void stage(String producer) {
        CommandRun run = lake.run(
                lake.keys(lake.servers().producer("trips")), "stage", "trips", "trips.csv", "--producer", producer);
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private static long rows() throws IOException {
        return JSON.readTree(lake.run(lake.administrator(), "sql", "SELECT count(*) FROM trips", "--json")
                        .out())
                .at("/rows/0/0")
                .asLong();
    }

    private static void awaitRows(long rows, CommandProcess serve) {
        await().atMost(CommandProcess.SOON)
                .untilAsserted(() ->
                        assertThat(rows()).as(String.join("\n", serve.log())).isEqualTo(rows));
    }

    @Test
    void whatArrivesIsIngestedWithoutWaitingForTheSchedule() throws Exception {
        long before = rows();
        try (CommandProcess serve = serve("1h")) {
            serve.awaitReady(200);
            // The first one by schedule; the next is in an hour.
            await().atMost(CommandProcess.SOON)
                    .until(() -> metric(serve, "millrace_job_seconds_count{job=\"ingest\"") > 0);
            stage("by-webhook");

            awaitRows(before + 3, serve);
        }
    }

    @Test
    void anOutageOfPostgres() throws Exception {
        long before = rows();
        try (CommandProcess serve = serve("1s")) {
            serve.awaitReady(200);
            lake.servers().stop(Server.POSTGRES);
            serve.awaitReady(503);
            JsonNode ready = JSON.readTree(serve.get("/health/ready", TOKEN).body());
            assertThat(ready.at("/reasons/0/why").asText()).contains("postgres://", "does not answer");
            assertThat(serve.get("/health/live").statusCode()).isEqualTo(200);
            stage("during-the-outage");

            lake.servers().start(Server.POSTGRES);
            serve.awaitReady(200);
            awaitRows(before + 3, serve);
            stage("after-the-outage");
            awaitRows(before + 6, serve);
            serve.terminate();
            assertThat(serve.awaitEnd(CommandProcess.SOON)).isZero();
        }
        CommandRun runs = lake.run(lake.administrator(), "runs", "--dataset", "trips", "--json");
        assertThat(JSON.readTree(runs.out()).findValuesAsText("rows"))
                .as(runs.out())
                .contains("3");
        assertThat(lake.run(lake.administrator(), "audit").out()).contains("what was staged is what the lake holds");
    }

    private static double metric(CommandProcess serve, String name) throws Exception {
        return serve.get("/metrics", TOKEN)
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
