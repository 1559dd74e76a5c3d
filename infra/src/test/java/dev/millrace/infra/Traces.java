package dev.millrace.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What servers can leave behind: taken while they run, asked for when they should be gone.
 *
 * @param processes of the servers, with all of their children
 */
record Traces(Path folder, List<ProcessHandle> processes) {
    static Traces of(Path stateFile) throws IOException {
        List<ProcessHandle> processes = new ArrayList<>();
        for (JsonNode server : new ObjectMapper().readTree(stateFile.toFile())) {
            if (server.has("process")) {
                ProcessHandle process = ProcessHandle.of(
                                server.path("process").path("pid").asLong())
                        .orElseThrow();
                processes.add(process);
                process.descendants().forEach(processes::add);
            }
        }
        return new Traces(stateFile.getParent(), processes);
    }

    List<String> left() {
        List<String> left = processes.stream()
                .filter(process -> process.isAlive() && !isZombie(process.pid()))
                .map(process -> process.pid() + " " + process.info())
                .collect(Collectors.toCollection(ArrayList::new));
        if (Files.exists(folder)) {
            left.add(folder.toString());
        }
        return left;
    }

    /** Whether it has ended, and only the init process has not taken notice yet. */
    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false;
        }
    }

    /** The folders of unpacked scripts that are there now. */
    static List<Path> temporaryFolders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("millrace-infra-"))
                    .collect(Collectors.toList());
        }
    }
}
