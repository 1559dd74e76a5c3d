package dev.millrace.lake.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * The folder that keeps the engine's binaries between runs.
 *
 * <p>Below it: {@code duckdb/<driver version>/native/} for the driver's library, {@code duckdb/extensions/} laid out as
 * DuckDB's {@code extension_directory}, {@code duckdb/spill/} for what does not fit into memory.
 */
public record EngineCache(Path folder) {
    /** The system property that the launcher and the build set. */
    public static final String PROPERTY = "millrace.cache";

    /** The environment variable that moves the folder. */
    public static final String VARIABLE = "MILLRACE_CACHE";

    /** The folder of this process: the property, else the variable, else {@code ~/.cache/millrace}. */
    public static EngineCache standard() {
        return of(System.getProperty(PROPERTY), System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static EngineCache of(String property, Map<String, String> environment, Path home) {
        if (property != null && !property.isBlank()) {
            return new EngineCache(Path.of(property));
        }
        String variable = environment.get(VARIABLE);
        if (variable != null && !variable.isBlank()) {
            return new EngineCache(Path.of(variable));
        }
        String xdg = environment.get("XDG_CACHE_HOME");
        Path caches = xdg == null || xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg);
        return new EngineCache(caches.resolve("millrace"));
    }

    Path nativeFolder() {
        return folder.resolve("duckdb").resolve(driverVersion()).resolve("native");
    }

    Path extensionFolder() {
        return folder.resolve("duckdb").resolve("extensions");
    }

    /** Where an extension has to be for an engine of a version and a platform. */
    Path extensionFile(String name, String engineVersion, String platform) {
        return extensionFolder().resolve(engineVersion).resolve(platform).resolve(name + ".duckdb_extension");
    }

    /** Where the sessions spill what does not fit into memory. */
    public Path spills() {
        return folder.resolve("duckdb").resolve("spill");
    }

    /**
     * A folder for one session's spilled data. The engine makes it when it needs it and removes it when it closes, but not
     * the folder above it, which is made here.
     *
     * @throws EngineException when that can't be made
     */
    public Path makeSpillFolder(String session) {
        try {
            return Files.createDirectories(spills()).resolve(session);
        } catch (IOException e) {
            throw new EngineException(
                    "the folder " + spills()
                            + " can't be made, into which an engine spills what does not fit into memory;" + " set "
                            + VARIABLE + " to a folder that can be written",
                    e);
        }
    }

    /** The version of the driver that this build was made with. */
    static String driverVersion() {
        try (InputStream in = EngineCache.class.getResourceAsStream("engine.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("driver.version");
        } catch (IOException e) {
            throw new EngineException("the build's engine.properties cannot be read: rebuild the project", e);
        }
    }

    static void createFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new EngineException(
                    "the cache folder " + folder + " cannot be made (" + e + "): make it writable, or set " + VARIABLE
                            + " to a folder that is",
                    e);
        }
    }
}
