package dev.millrace.bench.concurrency;

import dev.millrace.infra.Server;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Draws a fault from a seed every so often, and makes it happen. For one thread, and for one run. */
final class Faults implements ConcurrentRun.Meanwhile {
    private static final Duration BEYOND_THE_LEASE = Duration.ofSeconds(2);

    private final Ground ground;
    private final Duration every;
    private final Duration suspension;
    private final Random random;
    private final List<Fault> kinds;
    private final PrintWriter progress;
    private final Map<Fault, Integer> made = new EnumMap<>(Fault.class);
    private final Map<WorkerProcess, Duration> suspendedUntil = new HashMap<>();
    private final List<Fault> left = new ArrayList<>();
    private Duration next;

    /** @param progress told of each fault in a line */
    Faults(Ground ground, Duration every, Duration lease, long seed, PrintWriter progress) {
        this.ground = ground;
        this.every = every;
        this.suspension = lease.plus(BEYOND_THE_LEASE);
        this.random = new Random(seed);
        this.kinds = Arrays.stream(Fault.values())
                .filter(fault -> ground.mode() == Mode.SERVED || !fault.isOfServers())
                .toList();
        this.progress = progress;
        this.next = every;
    }

    /** How often each fault was made. */
    Map<Fault, Integer> made() {
        return made;
    }

    @Override
    public void look(Fleet fleet, Duration elapsed) {
        fleet.requireAlive();
        suspendedUntil.entrySet().removeIf(suspended -> {
            boolean over = suspended.getValue().compareTo(elapsed) <= 0;
            if (over) {
                suspended.getKey().resume();
            }
            return over;
        });
        if (elapsed.compareTo(next) >= 0) {
            next = next.plus(every);
            make(draw(), fleet, elapsed);
        }
    }

    /** Each kind comes once before one comes again. */
    private Fault draw() {
        if (left.isEmpty()) {
            left.addAll(kinds);
            Collections.shuffle(left, random);
        }
        return left.remove(left.size() - 1);
    }

    /** Lets everybody go on who is suspended. */
    @Override
    public void end() {
        suspendedUntil.keySet().forEach(WorkerProcess::resume);
        suspendedUntil.clear();
    }

    private void make(Fault fault, Fleet fleet, Duration elapsed) {
        switch (fault) {
            case KILL_PRODUCER -> kill(fault, one(fleet, Role.PRODUCER), elapsed);
            case KILL_INGESTER -> kill(fault, one(fleet, Role.INGESTER), elapsed);
            case KILL_COMPACTOR -> kill(fault, one(fleet, Role.COMPACTOR), elapsed);
            case KILL_READER -> kill(fault, one(fleet, Role.READER), elapsed);
            case SUSPEND_PRODUCER -> suspend(fault, one(fleet, Role.PRODUCER), elapsed);
            case SUSPEND_INGESTER -> suspend(fault, one(fleet, Role.INGESTER), elapsed);
            case SUSPEND_COMPACTOR -> suspend(fault, one(fleet, Role.COMPACTOR), elapsed);
            case RESTART_POSTGRES -> restart(fault, Server.POSTGRES, elapsed);
            case RESTART_MINIO -> restart(fault, Server.MINIO, elapsed);
            default -> throw new IllegalStateException("no such fault: " + fault);
        }
    }

    private WorkerProcess one(Fleet fleet, Role role) {
        List<WorkerProcess> processes = fleet.of(role).toList();
        return processes.get(random.nextInt(processes.size()));
    }

    private void kill(Fault fault, WorkerProcess process, Duration elapsed) {
        suspendedUntil.remove(process);
        tell(fault, process.toString(), elapsed);
        process.kill();
        process.startAnew();
    }

    private void suspend(Fault fault, WorkerProcess process, Duration elapsed) {
        tell(fault, process.toString(), elapsed);
        process.suspend();
        suspendedUntil.put(process, elapsed.plus(suspension));
    }

    private void restart(Fault fault, Server server, Duration elapsed) {
        tell(fault, server.toString(), elapsed);
        ground.restart(server);
    }

    private void tell(Fault fault, String whom, Duration elapsed) {
        made.merge(fault, 1, Integer::sum);
        progress.printf(
                Locale.ROOT,
                "%5d s  fault     %s: %s%n",
                elapsed.toSeconds(),
                whom.toLowerCase(Locale.ROOT),
                fault.description());
        progress.flush();
    }
}
