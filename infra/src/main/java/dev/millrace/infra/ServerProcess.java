package dev.millrace.infra;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;

/**
 * The process that holds the servers. It ends them when its standard input closes, so it outlives this JVM by no more than
 * their shutdown, however this JVM ends. Thread-safe.
 */
final class ServerProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CLOSE_SECONDS = 60;

    private final Scripts scripts;
    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;

    private ServerProcess(Scripts scripts, Process process) {
        this.scripts = scripts;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    static ServerProcess start(Set<Server> servers, Optional<Path> folder, Map<String, String> environment) {
        Scripts scripts = Scripts.find();
        List<String> command =
                new ArrayList<>(List.of("python3", scripts.entry().toString(), "hold", "--servers"));
        command.add(servers.stream().map(Server::id).collect(Collectors.joining(",")));
        folder.ifPresent(
                kept -> command.addAll(List.of("--dir", kept.toAbsolutePath().toString())));
        if (scripts.temporary()) {
            command.addAll(List.of("--discard", scripts.folder().toString()));
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().putAll(environment);
            return new ServerProcess(scripts, builder.start());
        } catch (IOException e) {
            throw new ServerException(
                    "python3 starts the local servers and cannot be run (" + e.getMessage()
                            + "): install Python 3.9 or newer",
                    e);
        }
    }

    /** Waits until the servers answer; the first use of a machine also builds MinIO, which takes minutes. */
    synchronized JsonNode state() {
        JsonNode state = answer();
        if (state.has("error")) {
            throw new ServerException(state.get("error").asText());
        }
        return state;
    }

    synchronized JsonNode tell(String command) {
        try {
            commands.write(command);
            commands.newLine();
            commands.flush();
        } catch (IOException e) {
            throw new ServerException("the process of the local servers has ended: '" + command + "' not done", e);
        }
        JsonNode answer = answer();
        if (!answer.path("ok").asBoolean()) {
            throw new ServerException(
                    "'" + command + "' failed: " + answer.path("error").asText());
        }
        return answer;
    }

    private JsonNode answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new ServerException(
                        "the process of the local servers ended without an answer; its messages are on standard error");
            }
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new ServerException("the process of the local servers did not answer in JSON", e);
        } catch (IOException e) {
            throw new ServerException("the process of the local servers does not answer: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            // It has ended already, which is all that closing asks for.
        }
        try {
            if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (scripts.temporary()) {
            FileUtils.deleteQuietly(scripts.folder().toFile());
        }
    }
}
