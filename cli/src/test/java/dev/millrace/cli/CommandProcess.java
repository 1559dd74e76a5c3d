package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command as a process of its own, which may be held at a failpoint, told to end, and asked over HTTP where it is {@code serve}. */
final class CommandProcess implements AutoCloseable {
    /** For a process that starts on a machine that is busy with others. */
    static final Duration SOON = Duration.ofSeconds(100);

    private static final Pattern PORT = Pattern.compile("answers at port (\\d+)");

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Process process;
    private final Optional<Path> marker;
    private int port;

    private CommandProcess(Process process, Optional<Path> marker) {
        this.process = process;
        this.marker = marker;
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        Thread reader = new Thread(() -> output.lines().forEach(log::add), "output-of-a-command");
        reader.setDaemon(true);
        reader.start();
    }

    static CommandProcess start(Path folder, Map<String, String> environment, String... args) throws IOException {
        return start(folder, environment, List.of(), Optional.empty(), args);
    }

    /** Starts one that stands still where it passes a failpoint for that many times, until it is {@link #release released}. */
    static CommandProcess haltedAt(Failpoint failpoint, int time, Path folder, String... args) throws IOException {
        Path marker = folder.resolve("halted-" + System.nanoTime());
        return start(
                folder,
                Map.of(),
                List.of(
                        "-D" + FailpointSwitch.HALT_AT + "=" + failpoint + ":" + time,
                        "-D" + FailpointSwitch.MARKER + "=" + marker),
                Optional.of(marker),
                args);
    }

    private static CommandProcess start(
            Path folder, Map<String, String> environment, List<String> options, Optional<Path> marker, String... args)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(JavaProcess.command(options, Millrace.class, List.of(args)))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(CommandStand.environment(folder));
        builder.environment().putAll(environment);
        return new CommandProcess(builder.start(), marker);
    }

    /** Waits until it stands still. */
    void awaitHalt() {
        await().atMost(SOON).until(() -> Files.exists(marker.orElseThrow()));
    }

    void release() throws IOException {
        Files.delete(marker.orElseThrow());
    }

    void awaitLine(String part) {
        await().atMost(SOON).untilAsserted(() -> assertThat(log)
                .anySatisfy(line -> assertThat(line).contains(part)));
    }

    /** Sends SIGTERM. */
    void terminate() {
        // Process.destroy would close the output that is still to be read.
        process.toHandle().destroy();
    }

    /** Waits for the end, and returns the exit code. */
    int awaitEnd(Duration longest) throws InterruptedException {
        assertThat(process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS))
                .as("it ended within " + longest)
                .isTrue();
        return process.exitValue();
    }

    List<String> log() {
        return log;
    }

    /** Waits until {@code serve} answers. */
    void awaitAnswer() {
        await().atMost(SOON)
                .until(() -> log.stream().anyMatch(line -> PORT.matcher(line).find()));
        Matcher matcher = log.stream()
                .map(PORT::matcher)
                .filter(Matcher::find)
                .findFirst()
                .orElseThrow();
        port = Integer.parseInt(matcher.group(1));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** As {@link #get(String)}, with the token. */
    HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    void awaitReady(int status) {
        await().atMost(SOON).untilAsserted(() -> assertThat(get("/health/ready").statusCode())
                .as(String.join("\n", log))
                .isEqualTo(status));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
