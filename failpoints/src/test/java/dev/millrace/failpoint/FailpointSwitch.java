package dev.millrace.failpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Arms failpoints: within this process by {@link #listen}, in a process that is started by its system properties.
 *
 * <p>A process with {@value #HALT_AT} makes the file of {@value #MARKER} when it passes that failpoint for the given time, and
 * stands still there until the file is gone: whoever started it kills it, or stops it, or lets it go on; when that one is gone itself, it
 * ends. One with {@value #RECORD} appends the name of each failpoint that it passes to that file.
 */
public final class FailpointSwitch implements FailpointListener {
    /** {@code AFTER_PUT:3}: where to halt, and at which time of passing, from 1 on. */
    public static final String HALT_AT = "millrace.failpoint";

    /** Names the file that says that the process has come to where it halts. */
    public static final String MARKER = "millrace.failpoint.marker";

    /** Names the file for the names of the failpoints that are passed. */
    public static final String RECORD = "millrace.failpoint.record";

    private static final int STARTER_GONE = 1;
    private static final long LOOK_NANOS = 10_000_000;
    private static final AtomicReference<FailpointListener> IN_PROCESS = new AtomicReference<>(failpoint -> {});

    private final Optional<Halt> halt =
            Optional.ofNullable(System.getProperty(HALT_AT)).map(Halt::parse);
    private final Optional<Path> record =
            Optional.ofNullable(System.getProperty(RECORD)).map(Path::of);

    private record Halt(Failpoint failpoint, int time, Path marker, AtomicInteger passed) {
        static Halt parse(String text) {
            int colon = text.indexOf(':');
            return new Halt(
                    Failpoint.valueOf(text.substring(0, colon)),
                    Integer.parseInt(text.substring(colon + 1)),
                    Path.of(System.getProperty(MARKER)),
                    new AtomicInteger());
        }
    }

    /** Where a listener is told of this process's failpoints, until it is closed. */
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /** Tells a listener of every failpoint that this process passes; one at a time. */
    public static Listening listen(FailpointListener listener) {
        IN_PROCESS.set(listener);
        return () -> IN_PROCESS.set(failpoint -> {});
    }

    @Override
    public void passed(Failpoint failpoint) {
        record.ifPresent(file -> append(file, failpoint.name()));
        halt.ifPresent(there -> haltAt(there, failpoint));
        IN_PROCESS.get().passed(failpoint);
    }

    private static void haltAt(Halt halt, Failpoint failpoint) {
        if (failpoint != halt.failpoint() || halt.passed().incrementAndGet() != halt.time()) {
            return;
        }
        Optional<ProcessHandle> starter = ProcessHandle.current().parent();
        append(halt.marker(), failpoint.name());
        while (Files.exists(halt.marker())) {
            if (starter.isPresent() && !starter.orElseThrow().isAlive()) {
                Runtime.getRuntime().halt(STARTER_GONE);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static synchronized void append(Path file, String line) {
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
