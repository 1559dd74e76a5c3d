package dev.millrace.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder that a demo works in, with its configuration and contracts, as a user's own would look.
 *
 * @param days of the demo, and of an earlier one at most: what that one has brought into the lake stays
 */
public record DemoFolder(Path folder, DemoDays days) {
    private static final String MARK = "# Made by 'millrace demo'";
    private static final Pattern DAYS = Pattern.compile(Pattern.quote(MARK) + " with (\\d+) days");
    private static final String CONFIGURATION = MARK + """
             with %d days. Any command works on it with --config.
            # A commit registers few files at a time here, so that it is short on a small machine that does all at once.
            ingest: {max-batch-partitions: %d}
            """;

    private static final Set<String> BEGINNING = Set.of("contracts", "servers");
    private static final List<String> CONTRACTS =
            List.of("flights.avsc", "flights.yaml", "weather.avsc", "weather.yaml");

    /**
     * Makes the folder and the contracts in it, or opens that of an earlier demo.
     *
     * @throws DemoException when there is something else in it, or more days
     */
    public static DemoFolder open(Path folder, DemoDays days) throws IOException {
        DemoFolder demo = new DemoFolder(folder, days);
        if (Files.exists(folder) && !demo.isOurs()) {
            throw new DemoException(folder + " is not empty and not of an earlier demo; name another folder with --dir,"
                    + " or remove it");
        }
        demo.requireNoMoreDays();
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
    void write(String places, int maxBatchPartitions) throws IOException {
        Files.writeString(configurationFile(), CONFIGURATION.formatted(days.number(), maxBatchPartitions) + places);
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

    private void requireNoMoreDays() throws IOException {
        if (!Files.exists(configurationFile())) {
            return;
        }
        Matcher mark = DAYS.matcher(Files.readString(configurationFile()));
        if (mark.lookingAt() && Integer.parseInt(mark.group(1)) > days.number()) {
            throw new DemoException("the demo of " + folder + " has " + mark.group(1) + " days, which can't become "
                    + days.number() + ": give it at least as many with --days, or name another folder with --dir");
        }
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
