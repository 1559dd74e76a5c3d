package dev.millrace.bench.concurrency;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.bench.BenchException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One process of a run, life after life. Belongs to one thread; another one reads what the process tells. A process ends with
 * this JVM also where that is killed, since its standard input ends then.
 */
final class WorkerProcess implements AutoCloseable {
    private static final List<String> CHEAP_START =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Djava.awt.headless=true");
    private static final List<String> PASSED_ON =
            List.of("java.library.path", "millrace.cache", "millrace.duckdb.driver", "java.io.tmpdir");

    private final Order firstOrder;
    private final List<String> jvmArguments;
    private final Path log;
    private Tally formerLives = Tally.NONE;
    private Life life;
    private int lives;

    /** One start of the process. */
    private static final class Life {
        private final Process process;
        private final BufferedWriter signals;
        private final CountDownLatch ready = new CountDownLatch(1);
        private final CountDownLatch silent = new CountDownLatch(1);
        private volatile Tally told = Tally.NONE;

        Life(Process process) {
            this.process = process;
            this.signals = process.outputWriter(StandardCharsets.UTF_8);
        }
    }

    /**
     * @param jvmArguments what the process needs besides, such as the names of the servers
     * @param log the file for its standard error
     */
    WorkerProcess(Order order, List<String> jvmArguments, Path log) {
        this.firstOrder = order;
        this.jvmArguments = List.copyOf(jvmArguments);
        this.log = log;
    }

    Role role() {
        return firstOrder.role();
    }

    /** Starts the process, which then waits for {@link #go}. */
    void start() {
        Order order = new Order(
                firstOrder.role(),
                firstOrder.number(),
                lives++,
                firstOrder.site(),
                firstOrder.pace(),
                firstOrder.acknowledgements());
        try {
            life = new Life(new ProcessBuilder(command(order))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(this + " does not start", e);
        }
        Life begun = life;
        Thread listener = new Thread(() -> listen(begun), "told by " + this);
        listener.setDaemon(true);
        listener.start();
    }

    private List<String> command(Order order) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(CHEAP_START);
        command.add("-Xmx" + order.role().heapMegabytes() + "m");
        PASSED_ON.stream()
                .filter(name -> System.getProperty(name) != null)
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName(), order.toText()));
        return command;
    }

    private void listen(Life told) {
        try (BufferedReader lines = told.process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                told.told = Tally.parse(line);
                told.ready.countDown();
            }
        } catch (JsonProcessingException e) {
            // The line of a process that was killed while it wrote: the one before counts.
        } catch (IOException e) {
            // It has ended.
        }
        told.silent.countDown();
    }

    /** Waits until the process is ready for {@link #go}. */
    void awaitReady(Duration longest) {
        try {
            long deadline = System.nanoTime() + longest.toNanos();
            while (!life.ready.await(100, TimeUnit.MILLISECONDS)) {
                if (!life.process.isAlive() || System.nanoTime() > deadline) {
                    throw new BenchException(this + " did not get ready; " + log + " says why");
                }
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    void go() {
        tell(Signals.GO);
    }

    /** Tells the process to end what it has begun, and to end. */
    void stop() {
        tell(Signals.STOP);
    }

    private void tell(String signal) {
        try {
            life.signals.write(signal);
            life.signals.newLine();
            life.signals.flush();
        } catch (IOException e) {
            // It has ended by itself, which its exit code tells of.
        }
    }

    boolean isAlive() {
        return life != null && life.process.isAlive();
    }

    /** Waits for the end; returns whether it ended within this time and as it should. */
    boolean awaitEnd(Duration longest) {
        try {
            return life.process.waitFor(Math.max(0, longest.toMillis()), TimeUnit.MILLISECONDS)
                    && life.silent.await(1, TimeUnit.SECONDS)
                    && life.process.exitValue() == 0;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Kills the process by SIGKILL, if it lives, and waits until it is gone. */
    void kill() {
        life.process.destroyForcibly();
        try {
            life.process.waitFor();
            life.silent.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Freezes the process by SIGSTOP. */
    void suspend() {
        signal("-STOP");
    }

    /** Lets a frozen process go on. */
    void resume() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            int exitCode = new ProcessBuilder("kill", name, Long.toString(life.process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exitCode != 0) {
                throw new BenchException("kill " + name + " of " + this + " ended with exit code " + exitCode);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the command 'kill' can't be run", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Puts a new life in the place of one that has ended. */
    void startAnew() {
        formerLives = formerLives.plus(role() == Role.READER ? life.told.withoutRows() : life.told);
        start();
        go();
    }

    /** What all lives together have come to. */
    Tally tally() {
        return life == null ? formerLives : formerLives.plus(life.told);
    }

    Path log() {
        return log;
    }

    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
    }

    @Override
    public String toString() {
        return role().word() + " " + firstOrder.number();
    }

    static BenchException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new BenchException("interrupted; what was staged and ingested stays", cause);
    }
}
