package dev.millrace.infra;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The scripts that start servers, as files that Python can run.
 *
 * @param folder has {@code local/} and {@code roles/}
 * @param temporary whether the folder was made for this process
 */
record Scripts(Path folder, boolean temporary) {
    private static final String ENTRY = "local/servers.py";

    /** Takes them where they are, or unpacks them from the jar into a temporary folder. */
    static Scripts find() {
        URL entry = Scripts.class.getResource(ENTRY);
        if (entry == null) {
            throw new ServerException("this build has no " + ENTRY + ": rebuild the project");
        }
        try {
            if (entry.openConnection() instanceof JarURLConnection connection) {
                return unpack(connection.getJarFileURL().toURI());
            }
            return new Scripts(Path.of(entry.toURI()).getParent().getParent(), false);
        } catch (IOException | URISyntaxException e) {
            throw new ServerException("the scripts at " + entry + " cannot be read: " + e, e);
        }
    }

    Path entry() {
        return folder.resolve(ENTRY);
    }

    private static Scripts unpack(URI jar) throws IOException {
        Path target = Files.createTempDirectory("millrace-infra-");
        String root = "/" + Scripts.class.getPackageName().replace('.', '/');
        try (FileSystem packed = FileSystems.newFileSystem(Path.of(jar))) {
            for (String part : List.of("local", "roles")) {
                copy(packed.getPath(root), part, target);
            }
        }
        return new Scripts(target, true);
    }

    private static void copy(Path root, String part, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(part))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copied = target.resolve(root.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copied);
                } else {
                    Files.copy(file, copied);
                }
            }
        }
    }
}
