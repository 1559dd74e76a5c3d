package dev.millrace.cli.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs checks, each lane on a thread of its own, each check within its deadline and all of them within a budget of time.
 *
 * <p>Belongs to one thread. A check that hangs is given up together with the rest of its lane; its thread is a daemon and does
 * not keep the process alive.
 */
final class Examination implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Examination.class);
    private static final Duration TO_CLOSE = Duration.ofMillis(300);

    private record Kept(Lane lane, Opened<?> opened) {}

    /** The result of a step, and the one that it comes from: itself, or the one without which it could not be done. */
    private record Outcome(Examined examined, Step origin) {}

    private final FailureWords words;
    private final long begun = System.nanoTime();
    private final Duration budget;
    private final Map<Lane, LaneThread> threads = new EnumMap<>(Lane.class);
    private final IdentityHashMap<Step, CompletableFuture<Outcome>> results = new IdentityHashMap<>();
    private final List<Step> order = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();

    /** @param budget after which nothing more is begun or waited for, counted from now */
    Examination(Duration budget, FailureWords words) {
        this.budget = budget;
        this.words = words;
    }

    /** A place for what checks of a lane share. */
    <T extends AutoCloseable> Opened<T> shared(Lane lane) {
        Opened<T> opened = new Opened<>();
        kept.add(new Kept(lane, opened));
        return opened;
    }

    /** Takes over what belongs to the checks of a lane. */
    void closeWith(Lane lane, AutoCloseable resource) {
        kept.add(new Kept(lane, new Opened<>(resource)));
    }

    /** Runs further steps, which may need those of earlier calls, and returns when all have their results. */
    void run(List<Step> steps) {
        Map<Lane, List<Step>> lanes = new LinkedHashMap<>();
        for (Step step : steps) {
            order.add(step);
            results.put(step, new CompletableFuture<>());
            lanes.computeIfAbsent(step.lane(), lane -> new ArrayList<>()).add(step);
            threads.computeIfAbsent(step.lane(), LaneThread::new);
        }
        lanes.forEach((lane, own) -> LaneThread.daemon(() -> own.forEach(this::complete), "doctor-lane-" + lane)
                .start());
        steps.forEach(step -> results.get(step).join());
    }

    /** Whatever happens, somebody waits for the result. */
    private void complete(Step step) {
        try {
            examine(step);
        } catch (RuntimeException e) {
            complete(step, Finding.failed("unexpected " + e, step.remedy()), Duration.ZERO, step);
        }
    }

    private void examine(Step step) {
        Optional<Outcome> obstacle = obstacle(step);
        if (obstacle.isPresent()) {
            Step origin = obstacle.orElseThrow().origin();
            complete(
                    step,
                    Finding.skipped("needs '" + origin.title() + "', which "
                            + (result(origin).finding().status() == Status.FAILED ? "failed" : "was skipped")),
                    Duration.ZERO,
                    origin);
            return;
        }
        long start = System.nanoTime();
        Finding finding = look(step);
        boolean looked = finding.status() != Status.SKIPPED;
        complete(step, finding, looked ? Duration.ofNanos(System.nanoTime() - start) : Duration.ZERO, step);
    }

    private void complete(Step step, Finding finding, Duration elapsed, Step origin) {
        results.get(step)
                .complete(new Outcome(new Examined(step.group().heading(), step.name(), finding, elapsed), origin));
    }

    /** The first that keeps the step from being done, after waiting for all that it needs. */
    private Optional<Outcome> obstacle(Step step) {
        return step.needs().stream()
                .map(need -> results.get(need).join())
                .filter(needed -> !needed.examined().finding().status().isPassable())
                .findFirst();
    }

    private Finding look(Step step) {
        if (threads.get(step.lane()).isStuck()) {
            return Finding.skipped("an earlier check of the same connection still hangs");
        }
        Duration left = budget.minus(elapsed());
        if (left.isNegative() || left.isZero()) {
            return Finding.skipped("no time left: all checks together have " + seconds(budget));
        }
        Duration deadline =
                step.patience().deadline().compareTo(left) < 0 ? step.patience().deadline() : left;
        try {
            return threads.get(step.lane()).run(step.check(), deadline);
        } catch (TimeoutException e) {
            return Finding.of(step.patience().whenLate(), "no answer within " + seconds(deadline), step.remedy());
        } catch (ExecutionException e) {
            LOG.debug("{} failed", step.title(), e.getCause());
            return words.finding(e.getCause(), step.remedy());
        } catch (RejectedExecutionException e) {
            return Finding.skipped("the examination has ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.skipped("interrupted");
        }
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
    }

    /** The result of a step that was run. */
    Examined result(Step step) {
        return results.get(step).join().examined();
    }

    /** Everything that was found, in the order of the groups. */
    Diagnosis diagnosis() {
        return Diagnosis.of(
                elapsed(),
                order.stream()
                        .sorted(Comparator.comparing(Step::group))
                        .map(this::result)
                        .toList());
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Override
    public void close() {
        for (Kept one : kept) {
            LaneThread thread = threads.get(one.lane());
            if (thread == null || thread.isStuck()) {
                one.opened().abandon();
                continue;
            }
            try {
                thread.run(
                        () -> {
                            one.opened().close();
                            return Finding.ok("closed");
                        },
                        TO_CLOSE);
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("what {} had opened did not close", one.lane(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.values().forEach(LaneThread::end);
    }
}
