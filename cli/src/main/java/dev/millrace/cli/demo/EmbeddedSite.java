package dev.millrace.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A folder, and nothing else: it needs no server. */
public record EmbeddedSite(DemoFolder folder) implements DemoSite {
    private static final int MAX_BATCH_PARTITIONS = 8;
    private static final String CONFIGURATION = """
            staging: ./staging
            lake:
              catalog: sqlite:./lake.sqlite
              data: ./lake
            contracts: ./contracts
            """;

    /** Makes the folder, or opens that of an earlier demo. */
    public static EmbeddedSite open(Path folder, DemoDays days) throws IOException {
        DemoFolder demo = DemoFolder.open(folder, days);
        demo.write(CONFIGURATION, MAX_BATCH_PARTITIONS);
        return new EmbeddedSite(demo);
    }

    @Override
    public Map<String, String> environment(DemoPart part) {
        return Map.of();
    }

    @Override
    public Duration year() {
        return Duration.ofSeconds(10);
    }

    @Override
    public List<String> attachStatements() {
        return List.of(
                "INSTALL ducklake; INSTALL sqlite;",
                "ATTACH 'ducklake:sqlite:" + folder.folder().resolve("lake.sqlite") + "' AS lake (READ_ONLY);");
    }

    @Override
    public List<String> lookAround() {
        return List.of(DemoSite.statusCommand(folder.configurationFile()));
    }

    @Override
    public void close() {}
}
