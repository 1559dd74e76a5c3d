package dev.millrace.ingester;

import dev.millrace.lake.FileTrial;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has files read by another process, which has no access to the lake, and finds those of which it dies or stands still. For the files that a
 * run before this one may have died of: reading them in this process could end it too.
 */
final class SuspectTrial {
    private static final Logger LOG = LoggerFactory.getLogger(SuspectTrial.class);
    private static final String GONE = "gone";
    private static final Duration START_PATIENCE = Duration.ofMinutes(1);

    /**
     * What the other process may take.
     *
     * @param engineBytes of memory for its engine
     * @param patience for how long a file may be read; one second more for each megabyte of it
     */
    record Limits(long engineBytes, Duration patience) {
        static final Limits STANDARD = new Limits(2_000_000_000, Duration.ofMinutes(1));

        private Duration patience(StagedObject file) {
            return patience.plusSeconds(file.sizeBytes() / 1_000_000);
        }
    }

    private final ObjectStore staging;
    private final Limits limits;

    SuspectTrial(ObjectStore staging, Limits limits) {
        this.staging = staging;
        this.limits = limits;
    }

    /** The files that end the process or keep it from going on, by key. Each costs a process; all others together one. */
    Map<String, Quarantine> guilty(List<StagedObject> files) {
        Map<String, Quarantine> guilty = new HashMap<>();
        Path folder = null;
        try {
            folder = Files.createTempDirectory("millrace-trial-");
            List<StagedObject> left = new ArrayList<>(files);
            while (!left.isEmpty()) {
                int read = read(left, folder, guilty);
                left = left.subList(read, left.size());
            }
            return guilty;
        } catch (IOException e) {
            throw new UncheckedIOException("the files that a run may have died of can't be read in another process", e);
        } finally {
            FileUtils.deleteQuietly(folder == null ? null : folder.toFile());
        }
    }

    /** Reads until the process ends; returns how many files are settled by it. */
    private int read(List<StagedObject> files, Path folder, Map<String, Quarantine> guilty) throws IOException {
        Path work = Files.createTempDirectory(folder, "run");
        List<String> paths = new ArrayList<>();
        for (int file = 0; file < files.size(); file++) {
            paths.add(local(files.get(file), work, file));
        }
        Process process = start(work, paths);
        try {
            BlockingQueue<String> said = listen(process);
            for (int file = 0; file < files.size(); file++) {
                Optional<String> fault = fault(process, said, files.get(file));
                if (fault.isPresent()) {
                    LOG.warn("{}: {}", files.get(file).key(), fault.orElseThrow());
                    guilty.put(
                            files.get(file).key(),
                            new Quarantine(QuarantineReason.CRASHES_ENGINE, fault.orElseThrow()));
                    return file + 1;
                }
            }
            return files.size();
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(Path work, List<String> paths) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-CreateCoredumpOnCrash",
                "-Djava.library.path=" + System.getProperty("java.library.path", "")));
        for (String property : List.of("millrace.cache", "millrace.duckdb.driver")) {
            if (System.getProperty(property) != null) {
                command.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                FileTrial.class.getName(),
                work.toString(),
                Long.toString(limits.engineBytes())));
        Path input = Files.write(work.resolve("paths"), paths);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectInput(input.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // It reads files and nothing else.
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("PG"));
        return builder.start();
    }

    private static BlockingQueue<String> listen(Process process) {
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        Thread listener = new Thread(
                () -> {
                    try (BufferedReader out = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                        out.lines()
                                .filter(line -> line.equals(FileTrial.BEGIN) || line.equals(FileTrial.END))
                                .forEach(said::add);
                    } catch (IOException | UncheckedIOException e) {
                        LOG.debug("the process that reads files fell silent: {}", e.getMessage());
                    }
                    said.add(GONE);
                },
                "millrace-trial");
        listener.setDaemon(true);
        listener.start();
        return said;
    }

    private Optional<String> fault(Process process, BlockingQueue<String> said, StagedObject file) {
        try {
            Duration patience = limits.patience(file);
            String begin = said.poll(START_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!FileTrial.BEGIN.equals(begin)) {
                throw new LakeException("the process that reads the files that a run may have died of did not start"
                        + (process.isAlive() ? "" : ", it ended with exit code " + process.exitValue())
                        + "; nothing was changed. See whether the machine has memory for another Java process");
            }
            String end = said.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (FileTrial.END.equals(end)) {
                return Optional.empty();
            }
            if (end == null) {
                return Optional.of("a process that did nothing but read it had not ended after " + patience.toSeconds()
                        + " s. It was read apart since a run before had died");
            }
            process.waitFor(1, TimeUnit.MINUTES);
            return Optional.of("a process that did nothing but read it ended with exit code " + process.exitValue()
                    + ". It was read apart since a run before had died");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LakeException("reading files in another process was interrupted; nothing was changed", e);
        }
    }

    /** A file of a folder is read where it is; an object is brought here first. */
    private String local(StagedObject file, Path work, int number) throws IOException {
        String address = staging.address(file.key());
        if (!address.startsWith("s3://")) {
            return address;
        }
        Path copy = work.resolve(number + ".parquet");
        try (InputStream in = staging.open(file.key())) {
            Files.copy(in, copy);
        } catch (StorageException e) {
            if (staging.find(file.key()).isPresent()) {
                throw e;
            }
            // It went meanwhile, and is no danger any more.
            Files.createFile(copy);
        }
        return copy.toString();
    }
}
