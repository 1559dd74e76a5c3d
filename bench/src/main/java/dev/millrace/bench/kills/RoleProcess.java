package dev.millrace.bench.kills;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JVM of a role, which can be halted, stopped and killed. Not thread-safe; closing it kills what is still running. */
final class RoleProcess implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final long LOOK_MILLIS = 5;
    private static final List<String> CHEAP_START =
            List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:+UseSerialGC", "-Xmx256m");

    /** Takes the place of the folders on the class path of a test. */
    private static final Optional<String> JAR = Optional.ofNullable(System.getProperty("millrace.bench.jar"));

    private static final List<String> CLASS_PATH = classPath();

    /** The JVM makes archives of classes in jars only. */
    private static final boolean CLASSES_IN_JARS =
            CLASS_PATH.stream().allMatch(entry -> Files.isRegularFile(Path.of(entry)));

    private final Process process;
    private final Path marker;
    private final Path record;
    private final Path output;

    private RoleProcess(Process process, Path marker, Path record, Path output) {
        this.process = process;
        this.marker = marker;
        this.record = record;
        this.output = output;
    }

    private static List<String> classPath() {
        List<String> entries = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
        return JAR.map(jar -> Stream.concat(
                                Stream.of(jar), entries.stream().filter(entry -> Files.isRegularFile(Path.of(entry))))
                        .toList())
                .orElse(entries);
    }

    /**
     * Starts a process.
     *
     * @param name of its producer and of its traces; new with every process of a site
     */
    static RoleProcess start(Site site, Role role, String name, Duration lease, Optional<Halt> halt) {
        Path folder = site.folder().resolve("processes");
        Path marker = folder.resolve(name + ".marker");
        Path record = folder.resolve(name + ".passed");
        Path output = folder.resolve(name + ".output");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(CHEAP_START);
        archive(site, role).ifPresent(command::add);
        Stream.of("java.library.path", "millrace.cache", "millrace.duckdb.driver", "millrace.engine.threads")
                .filter(property -> System.getProperty(property) != null)
                .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
        halt.ifPresent(there -> command.add("-D" + FailpointSwitch.HALT_AT + "=" + there));
        command.add("-D" + FailpointSwitch.MARKER + "=" + marker);
        command.add("-D" + FailpointSwitch.RECORD + "=" + record);
        command.addAll(site.jvmArguments());
        command.addAll(List.of("-cp", String.join(File.pathSeparator, CLASS_PATH), RoleProgram.class.getName()));
        command.addAll(List.of(role.name(), name, lease.toString()));
        command.addAll(site.arguments());
        try {
            Files.createDirectories(folder);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .redirectInput(new File("/dev/null"))
                    .start();
            return new RoleProcess(process, marker, record, output);
        } catch (IOException e) {
            throw new UncheckedIOException("the process " + name + " did not start", e);
        }
    }

    /** The first process of a role that comes to its end leaves an archive of its classes, from which the later ones start sooner. */
    private static Optional<String> archive(Site site, Role role) {
        Path archive = site.folder().resolveSibling(role + ".jsa");
        return Files.exists(archive)
                ? Optional.of("-XX:SharedArchiveFile=" + archive)
                : Optional.of("-XX:ArchiveClassesAtExit=" + archive).filter(option -> CLASSES_IN_JARS);
    }

    long pid() {
        return process.pid();
    }

    /** Waits until it stands still; false when it ended before. */
    boolean awaitHalt() {
        return await(marker);
    }

    /** Waits until it is at work; false when it ended before. */
    boolean awaitFirstPassing() {
        return await(record);
    }

    private boolean await(Path file) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!Files.exists(file)) {
            if (endsWithin(Duration.ofMillis(LOOK_MILLIS))) {
                return Files.exists(file);
            }
            if (System.nanoTime() > deadline) {
                kill();
                throw new IllegalStateException(
                        "a process did not come to " + file + " within " + DEADLINE + "; it said: " + output());
            }
        }
        return true;
    }

    /** Whether it ends by itself meanwhile. */
    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for process " + pid(), e);
        }
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() {
        process.destroyForcibly();
        end();
    }

    /** SIGSTOP: nothing of it runs any more. */
    void stop() {
        signal("-STOP");
    }

    /** SIGCONT. */
    void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(pid())).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill " + signal + " " + pid() + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("there is no command 'kill'", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while signalling process " + pid(), e);
        }
    }

    /** Lets a process go on that stands still at its failpoint. */
    void letGo() {
        try {
            Files.delete(marker);
        } catch (IOException e) {
            throw new UncheckedIOException("the marker " + marker + " cannot be removed", e);
        }
    }

    /** Waits for its end. */
    RoleEnd end() {
        if (!endsWithin(DEADLINE)) {
            process.destroyForcibly();
            throw new IllegalStateException("process " + pid() + " did not end; it said: " + output());
        }
        return RoleEnd.of(process.exitValue());
    }

    /** What it has printed. */
    String output() {
        return read(output).strip();
    }

    /** What it has passed so far, in order. */
    List<Failpoint> passed() {
        return read(record).lines().map(Failpoint::valueOf).toList();
    }

    /** When it passed the latest of these. */
    Instant lastPassing() {
        try {
            return Files.getLastModifiedTime(record).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException("the record " + record + " cannot be looked at", e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            resume();
            kill();
        }
    }
}
