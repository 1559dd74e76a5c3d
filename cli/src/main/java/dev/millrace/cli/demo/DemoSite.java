package dev.millrace.cli.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Where a demo happens: its folder, and the servers that it needs, which end when this is closed. */
public interface DemoSite extends AutoCloseable {
    DemoFolder folder();

    /** The environment in which a part finds its secrets. */
    Map<String, String> environment(DemoPart part);

    /** How fast the producers let the year go by: as fast as leaves the ingester its share of this machine. */
    Duration year();

    /** What makes any DuckDB see the lake as {@code lake}. */
    List<String> attachStatements();

    /** What to type to look around afterwards. */
    List<String> lookAround();

    @Override
    void close();

    /** The command for the status of what a demo has left. */
    static String statusCommand(Path configuration) {
        return "./millrace status --config " + configuration;
    }
}
