package dev.millrace.cli.serve;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.Schedule;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that runs a job: by its schedule, and when it is told to. So it never runs twice at once; starts that fall due
 * while it runs become one. Whatever a job throws, the next one is started. Thread-safe.
 */
final class JobLoop {
    /** Clocks are set and machines sleep: none is trusted for longer than this. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(JobLoop.class);

    /** Is told of each end, on the job's thread. */
    @FunctionalInterface
    interface Listener {
        void ended(JobKind kind, JobState.Last last);
    }

    private final JobKind kind;
    private final Job job;
    private final Supplier<Configuration> configuration;
    private final Clock clock;
    private final Listener listener;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<DatasetName> told = new HashSet<>();
    private Optional<Instant> toldDue = Optional.empty();
    private Schedule schedule;
    private Optional<Instant> due;
    private Optional<Instant> startedLast = Optional.empty();
    private Optional<Instant> runningSince = Optional.empty();
    private Optional<JobState.Last> last = Optional.empty();
    private int failuresInARow;
    private volatile boolean isStopAsked;

    JobLoop(JobKind kind, Job job, Supplier<Configuration> configuration, Clock clock, Listener listener) {
        this.kind = kind;
        this.job = job;
        this.configuration = configuration;
        this.clock = clock;
        this.listener = listener;
        this.schedule = kind.schedule(configuration.get().serve());
        this.due = next();
        this.thread = new Thread(this::loop, "serve-" + kind.word());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Has it started for some datasets, after the debounce of the configuration has passed since the first one was told of. */
    void tell(Set<DatasetName> datasets) {
        lock.lock();
        try {
            if (told.addAll(datasets) && toldDue.isEmpty()) {
                toldDue = Optional.of(clock.instant()
                        .plus(configuration.get().serve().timing().debounce()));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes over the schedule of a configuration that was read anew. */
    void reschedule() {
        lock.lock();
        try {
            Schedule now = kind.schedule(configuration.get().serve());
            if (!now.equals(schedule)) {
                schedule = now;
                due = next();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private Optional<Instant> next() {
        long jitterMillis = kind.jitter(configuration.get().serve()).toMillis();
        return schedule.next(startedLast, clock.instant())
                .map(next -> next.plusMillis(ThreadLocalRandom.current().nextLong(jitterMillis + 1)));
    }

    JobState state() {
        lock.lock();
        try {
            return new JobState(
                    kind,
                    schedule.toString(),
                    runningSince,
                    last,
                    runningSince.isPresent() ? Optional.empty() : due,
                    failuresInARow);
        } finally {
            lock.unlock();
        }
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /** Asks it to end, and does not wait. */
    void askToStop() {
        lock.lock();
        try {
            isStopAsked = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for its end; returns whether it came within this time. */
    boolean awaitEnd(Duration longest) throws InterruptedException {
        thread.join(Math.max(1, longest.toMillis()));
        return !thread.isAlive();
    }

    private void loop() {
        try {
            for (Optional<Set<DatasetName>> only = awaitStart(); only.isPresent(); only = awaitStart()) {
                JobState.Last ended = run(only.get());
                tellOf(ended);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JobState.Last run(Set<DatasetName> only) {
        Instant started = clock.instant();
        JobEnd end;
        try {
            end = job.run(configuration.get(), only, () -> isStopAsked);
        } catch (RuntimeException | Error e) {
            LOG.error("{} ended with an unexpected failure; the next one is started all the same", kind.word(), e);
            end = JobEnd.failed("unexpected " + e);
        }
        return new JobState.Last(started, clock.instant(), end);
    }

    private void tellOf(JobState.Last ended) {
        lock.lock();
        try {
            runningSince = Optional.empty();
            last = Optional.of(ended);
            failuresInARow = ended.end().outcome() == JobEnd.Outcome.FAILED ? failuresInARow + 1 : 0;
        } finally {
            lock.unlock();
        }
        listener.ended(kind, ended);
    }

    /** Waits until it is due; absent when it is to stop. No dataset means all of them. */
    private Optional<Set<DatasetName>> awaitStart() throws InterruptedException {
        lock.lock();
        try {
            while (!isStopAsked) {
                Instant now = clock.instant();
                if (due.filter(at -> !at.isAfter(now)).isPresent()) {
                    startedLast = Optional.of(now);
                    due = next();
                    return Optional.of(begin(now, Set.of()));
                }
                if (toldDue.filter(at -> !at.isAfter(now)).isPresent()) {
                    return Optional.of(begin(now, Set.copyOf(told)));
                }
                changed.await(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Set<DatasetName> begin(Instant now, Set<DatasetName> only) {
        runningSince = Optional.of(now);
        told.clear();
        toldDue = Optional.empty();
        return only;
    }
}
