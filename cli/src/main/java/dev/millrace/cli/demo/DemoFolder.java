package dev.millrace.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The folder that a demo works in, with its configuration and contracts, as a user's own would look. */
public record DemoFolder(Path folder) {
    private static final String MARK = "# Made by 'millrace demo'";
    private static final String CONFIGURATION = MARK + """
            . Any command works on it with --config.
            # A commit registers few files at a time here, so that it is short on a small machine that does all at once.
            ingest: {max-batch-partitions: 8}
            """;

    private static final Set<String> BEGINNING = Set.of("contracts", "servers");
    private static final List<String> CONTRACTS =
            List.of("flights.avsc", "flights.yaml", "weather.avsc", "weather.yaml");

    /**
     * Makes the folder and the contracts in it, or opens that of an earlier demo.
     *
     * @throws DemoException when there is something else in it
     */
    public static DemoFolder open(Path folder) throws IOException {
        DemoFolder demo = new DemoFolder(folder);
        if (Files.exists(folder) && !demo.isOurs()) {
            throw new DemoException(folder + " is not empty and not of an earlier demo; name another folder with --dir,"
                    + " or remove it");
        }
        Path contracts = Files.createDirectories(folder.resolve("contracts"));
        for (String name : CONTRACTS) {
            if (!Files.exists(contracts.resolve(name))) {
                try (InputStream in = resource("contracts/" + name)) {
                    Files.copy(in, contracts.resolve(name));
                }
            }
        }
        return demo;
    }

    /** Writes the configuration, with the places given. */
    void write(String places) throws IOException {
        Files.writeString(configurationFile(), CONFIGURATION + places);
    }

    /** A file of the demo's data and contracts, which are a part of the program. */
    static InputStream resource(String name) {
        InputStream in = DemoFolder.class.getResourceAsStream("/nyc-flights/" + name);
        if (in == null) {
            throw new IllegalStateException("the program was built without nyc-flights/" + name);
        }
        return in;
    }

    public Path configurationFile() {
        return folder.resolve("millrace.yaml");
    }

    private boolean isOurs() throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        if (Files.exists(configurationFile())) {
            return Files.readString(configurationFile()).startsWith(MARK);
        }
        // A demo that was stopped before its configuration was written has nothing else.
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.allMatch(
                    entry -> BEGINNING.contains(entry.getFileName().toString()));
        }
    }
}
