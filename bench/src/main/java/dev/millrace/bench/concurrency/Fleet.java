package dev.millrace.bench.concurrency;

import dev.millrace.bench.BenchException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The processes of a run. For one thread; closing it kills those that are left. */
final class Fleet implements AutoCloseable {
    private static final Duration READY = Duration.ofMinutes(3);

    private final SiteAddress site;
    private final Path acknowledgements;
    private final Path logs;
    private final List<String> jvmArguments;
    private final List<WorkerProcess> processes = new ArrayList<>();

    Fleet(SiteAddress site, RunFolder folder, List<String> jvmArguments) {
        this.site = site;
        this.acknowledgements = folder.sub("acknowledged");
        this.logs = folder.sub("logs");
        this.jvmArguments = jvmArguments;
    }

    /** Adds processes that are not started yet. */
    void add(Role role, int count, Pace pace) {
        for (int number = 0; number < count; number++) {
            processes.add(new WorkerProcess(
                    new Order(role, number, 0, site, pace, acknowledgements.toString()),
                    jvmArguments,
                    logs.resolve(role.word().replace(' ', '-') + "-" + number + ".log")));
        }
    }

    /** Starts all and lets them begin together when the last one is ready. */
    void start() {
        processes.forEach(WorkerProcess::start);
        processes.forEach(process -> process.awaitReady(READY));
        processes.forEach(WorkerProcess::go);
    }

    Stream<WorkerProcess> of(Role role) {
        return processes.stream().filter(process -> process.role() == role);
    }

    List<WorkerProcess> all() {
        return List.copyOf(processes);
    }

    Path acknowledgements() {
        return acknowledgements;
    }

    List<Tally> tallies(Role role) {
        return of(role).map(WorkerProcess::tally).toList();
    }

    /** What all processes of a role have come to. */
    Tally tally(Role role) {
        return of(role).map(WorkerProcess::tally).reduce(Tally.NONE, Tally::plus);
    }

    long alive() {
        return processes.stream().filter(WorkerProcess::isAlive).count();
    }

    /** The first one that has ended and should not have. */
    void requireAlive() {
        processes.stream().filter(process -> !process.isAlive()).findFirst().ifPresent(process -> {
            throw new BenchException(process + " ended by itself; " + process.log() + " says why");
        });
    }

    /** Tells the processes of a role to stop. */
    void stop(Role role) {
        of(role).forEach(WorkerProcess::stop);
    }

    boolean isDone(Role role) {
        return of(role).noneMatch(WorkerProcess::isAlive);
    }

    /** Requires that the processes of a role have ended as they should. */
    void requireEnded(Role role) {
        of(role).forEach(process -> {
            if (!process.awaitEnd(Duration.ZERO)) {
                throw new BenchException(process + " did not end as it should; " + process.log() + " says why");
            }
        });
    }

    @Override
    public void close() {
        processes.forEach(WorkerProcess::close);
    }
}
