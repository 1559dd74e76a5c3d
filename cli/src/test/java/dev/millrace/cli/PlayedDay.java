package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.ConfigurationLoader;
import dev.millrace.cli.serve.Metrics;
import dev.millrace.cli.serve.Serve;
import dev.millrace.infra.LocalServers;
import dev.millrace.infra.ObjectStoreServer;
import dev.millrace.infra.PostgresServer;
import dev.millrace.infra.Server;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A day of {@code millrace serve} whose clock is turned, step by step, on a real PostgreSQL and a real MinIO: what is staged, what goes
 * wrong, and what is seen of it. The staging area is a folder, since the times of its files have to be those of the played day.
 */
final class PlayedDay implements AutoCloseable {
    private static final Duration LONGEST_STEP = Duration.ofMinutes(3);

    private final Path folder;
    private final DayClock clock;
    private final Instant begin;
    private final LocalServers servers = LocalServers.start(EnumSet.of(Server.MINIO, Server.POSTGRES));
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Serve serve;
    private int staged;

    PlayedDay(Path folder, List<String> datasets, Instant begin, String ingestEvery) throws IOException {
        this.folder = folder;
        this.begin = begin;
        this.clock = new DayClock(begin);
        Files.createDirectories(folder.resolve("contracts"));
        for (String dataset : datasets) {
            Files.writeString(folder.resolve("contracts/" + dataset + ".avsc"), """
                {"type": "record", "name": "Event", "fields": [{"name": "id", "type": "long"}]}
                """);
            Files.writeString(
                    folder.resolve("contracts/" + dataset + ".yaml"),
                    "dataset: " + dataset + "\nschema: " + dataset + ".avsc\n");
        }
        Files.writeString(folder.resolve("millrace.yaml"), """
            lake: {data: "s3://%s", catalog: "postgres://%s:%d/%s"}
            s3: {endpoint: "%s"}
            serve: {listen: "127.0.0.1:0", ingest: %s, compact: 1h, jitter: 0s, look: 1m, stop: 30s}
            """.formatted(
                        ObjectStoreServer.LAKE_BUCKET,
                        servers.postgres().host(),
                        servers.postgres().port(),
                        servers.postgres().database(),
                        servers.minio().endpoint(),
                        ingestEvery));
        millrace("init");
        serve = serve();
        await().atMost(LONGEST_STEP).until(() -> looks() >= 1);
        awaitIngests(1);
    }

    private Map<String, String> environment() {
        PostgresServer postgres = servers.postgres();
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_ACCESS_KEY_ID", servers.minio().admin().name());
        environment.put("AWS_SECRET_ACCESS_KEY", servers.minio().admin().secret());
        environment.put("PGUSER", postgres.admin().name());
        environment.put("PGPASSWORD", postgres.admin().secret());
        return environment;
    }

    private Serve serve() throws IOException {
        PrintStream err = new PrintStream(log, true, StandardCharsets.UTF_8);
        ProcessContext context = new ProcessContext(
                new StandardStreams(new ByteArrayInputStream(new byte[0]), err, err),
                environment(),
                folder,
                Audience.SCHEDULER,
                clock);
        Metrics metrics = new Metrics();
        Configuration configuration = new ConfigurationLoader(context.environment(), folder).load(Optional.empty());
        return Serve.start(new Serve.Parts(
                () -> configuration,
                Optional.empty(),
                context.environment(),
                clock,
                new IngestJob(context, metrics),
                new CompactJob(context, metrics),
                metrics,
                FailureReport::message,
                err::println));
    }

    /** Runs a command at the time of the day that it is. */
    CommandRun millrace(String... args) {
        CommandRun run = tryMillrace("", args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    private CommandRun tryMillrace(String input, String... args) {
        Map<String, String> environment = environment();
        environment.put("MILLRACE_STAGING", folder.resolve("staging").toString());
        return CommandRun.run(Audience.PROGRAM, clock, folder, environment, input, args);
    }

    /** A producer stages a file of so many rows. */
    void stage(String dataset, int rows) {
        String csv = IntStream.range(staged, staged + rows)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining("\n", "id\n", "\n"));
        staged += rows;
        CommandRun run = tryMillrace(csv, "stage", dataset, "--format", "csv", "--producer", dataset + "-1");
        assertThat(run.exitCode()).as(run.err()).isZero();
        date();
    }

    /** Somebody puts a file that is no Parquet. */
    void poison(String dataset) throws IOException {
        Path file = folder.resolve("staging/" + dataset + "/somebody/poison.parquet");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "this is no Parquet file");
        date();
    }

    /** What was staged just now has the time of the day that is played. */
    private void date() {
        try (Stream<Path> files = Files.walk(folder.resolve("staging"))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (Files.getLastModifiedTime(file)
                        .toInstant()
                        .isAfter(clock.instant().plusSeconds(1))) {
                    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stopCatalog() {
        servers.stop(Server.POSTGRES);
    }

    void startCatalog() {
        servers.start(Server.POSTGRES);
    }

    /** Turns the clock to a time of the day, and waits until the lake was looked at. */
    void turnTo(Duration time) {
        double looks = looks();
        clock.set(begin.plus(time));
        await().atMost(LONGEST_STEP).pollInterval(Duration.ofMillis(20)).until(() -> looks() > looks);
    }

    private double looks() {
        return sum("millrace_job_seconds_count{job=\"look\"");
    }

    /** Waits until so many ingests have ended since the beginning, whatever their end. */
    void awaitIngests(double ingests) {
        await().atMost(LONGEST_STEP)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> sum("millrace_job_seconds_count{job=\"ingest\"") >= ingests);
    }

    double ingests() {
        return sum("millrace_job_seconds_count{job=\"ingest\"");
    }

    double sum(String prefix) {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    String get(String path) {
        try {
            return client.send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + serve.port() + path);
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            serve.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            servers.close();
        }
    }
}
