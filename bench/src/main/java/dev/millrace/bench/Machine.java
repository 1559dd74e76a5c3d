package dev.millrace.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** Where and when something was measured, and with which versions. */
public record Machine(int cores, long memoryBytes, Instant measuredAt, Map<String, String> versions) {
    private static final String DUCKLAKE =
            "SELECT extension_version FROM duckdb_extensions() WHERE extension_name = 'ducklake'";
    private static final String POSTGRES = """
            SELECT * FROM postgres_query('__ducklake_metadata_lake', 'SELECT current_setting(''server_version'') AS version')
            """;

    private static final long BYTES_A_GIGABYTE = 1_000_000_000L;

    static Machine current(Stand stand, Instant now) {
        try (PlainDuckDb duckDb = PlainDuckDb.withLake(stand)) {
            return current(duckDb, true, now);
        }
    }

    /**
     * This machine.
     *
     * @param duckDb with a lake attached
     * @param served whether that lake is on MinIO and PostgreSQL
     */
    public static Machine current(PlainDuckDb duckDb, boolean served, Instant now) {
        Properties build = build();
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("Millrace", build.getProperty("millrace"));
        versions.put("Java", Runtime.version().toString());
        versions.put("DuckDB", duckDb.text("SELECT version()"));
        versions.put("DuckLake", duckDb.text(DUCKLAKE));
        if (served) {
            versions.put("PostgreSQL", duckDb.text(POSTGRES));
            versions.put("MinIO", build.getProperty("minio"));
        }
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
                now.truncatedTo(ChronoUnit.SECONDS),
                versions);
    }

    /** In a line, for people. */
    public String description() {
        return cores + " cores, " + memoryBytes / BYTES_A_GIGABYTE + " GB, " + measuredAt + ", "
                + versions.entrySet().stream()
                        .map(version -> version.getKey() + " " + version.getValue())
                        .collect(Collectors.joining(", "));
    }

    /** As JSON, for programs. */
    public void writeTo(ObjectNode node) {
        node.put("cores", cores).put("memory_bytes", memoryBytes).put("measured_at", measuredAt.toString());
        versions.forEach(node.putObject("versions")::put);
    }

    private static Properties build() {
        try (InputStream in = Machine.class.getResourceAsStream("versions.properties")) {
            Properties build = new Properties();
            build.load(in);
            return build;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
