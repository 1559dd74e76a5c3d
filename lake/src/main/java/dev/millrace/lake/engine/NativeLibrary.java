package dev.millrace.lake.engine;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Puts the driver's native library (60 MB) into the cache once.
 *
 * <p>The ordinary driver jar unpacks it into the temporary folder at every start and leaves it there when the process is
 * killed. So the class path has the driver's jar without libraries, which loads by name from {@code java.library.path},
 * and the jar with them is only a place to take the library from.
 */
public final class NativeLibrary {
    /** The system property that names the driver's jar with the native libraries. */
    public static final String DRIVER_PROPERTY = "millrace.duckdb.driver";

    private static final String NAME = "duckdb_java";

    private final EngineCache cache;

    public NativeLibrary(EngineCache cache) {
        this.cache = cache;
    }

    /**
     * Sees to it that the driver will find its library. Cheap when it is there; safe for many processes at once.
     *
     * @throws EngineException when it is not there and cannot be put there
     */
    public void prepare() {
        String resource = resourceName(System.getProperty("os.name"), System.getProperty("os.arch"));
        if (NativeLibrary.class.getResource("/" + resource) != null) {
            return; // An application that brings the ordinary driver: it unpacks by itself.
        }
        Path library = cache.nativeFolder().resolve(System.mapLibraryName(NAME));
        if (!Files.exists(library)) {
            unpack(resource, library);
        }
        String searched = System.getProperty("java.library.path", "");
        if (Arrays.stream(searched.split(File.pathSeparator)).noneMatch(p -> isSame(p, library.getParent()))) {
            throw new EngineException("Java does not look for the engine's library in " + library.getParent()
                    + ": start it with -Djava.library.path=" + library.getParent()
                    + ", or put the ordinary duckdb_jdbc jar on the class path");
        }
    }

    /** What the library is called inside of the driver's jar. */
    static String resourceName(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.startsWith("mac")) {
            return "libduckdb_java.so_osx_universal";
        }
        String arch =
                switch (osArch.toLowerCase(Locale.ROOT)) {
                    case "x86_64", "amd64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    default -> osArch.toLowerCase(Locale.ROOT);
                };
        return "libduckdb_java.so_" + (os.startsWith("windows") ? "windows" : "linux") + "_" + arch;
    }

    private void unpack(String resource, Path library) {
        String driver = System.getProperty(DRIVER_PROPERTY);
        if (driver == null || !Files.isRegularFile(Path.of(driver))) {
            throw new EngineException("the engine's library is not in " + library
                    + " and the driver's jar to take it from is not at " + driver + ": run 'mvn package', or set -D"
                    + DRIVER_PROPERTY + " to duckdb_jdbc-" + EngineCache.driverVersion() + ".jar");
        }
        EngineCache.createFolder(library.getParent());
        Path aside = library.resolveSibling("." + library.getFileName() + "." + UUID.randomUUID());
        try (ZipFile jar = new ZipFile(driver)) {
            ZipEntry entry = jar.getEntry(resource);
            if (entry == null) {
                throw new EngineException(driver + " has no " + resource + ": this platform is not one that DuckDB's"
                        + " driver is built for");
            }
            try (InputStream in = jar.getInputStream(entry)) {
                Files.copy(in, aside);
            }
            Files.move(aside, library, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new EngineException(
                    "the engine's library cannot be unpacked to " + library + " (" + e + "): make room there, or set "
                            + EngineCache.VARIABLE + " to another folder",
                    e);
        } finally {
            deleteQuietly(aside);
        }
    }

    private static boolean isSame(String path, Path folder) {
        return !path.isEmpty()
                && Path.of(path)
                        .toAbsolutePath()
                        .normalize()
                        .equals(folder.toAbsolutePath().normalize());
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It is hidden and harmless; the reason why it is there is being reported.
        }
    }
}
