package dev.millrace.bench.concurrency;

import dev.millrace.bench.BenchException;
import dev.millrace.bench.PlainDuckDb;
import dev.millrace.bench.oracle.EventRows;
import dev.millrace.bench.oracle.Oracle;
import dev.millrace.bench.oracle.Verdict;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Lets the processes of a run work for its time, ends them in order, and checks what they have left. For one thread. */
final class ConcurrentRun {
    private static final Duration LONGEST_END = Duration.ofMinutes(3);
    private static final long SHOW_MILLIS = 1_000;
    private static final long LOOK_MILLIS = 20;

    private final Ground ground;
    private final Setup setup;
    private final PrintWriter progress;

    /** What happens besides while the processes work; called about every 20 ms. */
    @FunctionalInterface
    interface Meanwhile {
        /** Nothing does, but all processes have to be alive. */
        Meanwhile UNDISTURBED = (fleet, elapsed) -> fleet.requireAlive();

        void look(Fleet fleet, Duration elapsed);

        /** The time is over; the processes are told to stop next. */
        default void end() {}
    }

    /** @param progress told a line a second */
    ConcurrentRun(Ground ground, Setup setup, PrintWriter progress) {
        this.ground = ground;
        this.setup = setup;
        this.progress = progress;
    }

    /** Producers, ingesters, and who else the setup names. */
    RunResult staged(Meanwhile meanwhile) {
        try (RunFolder folder = RunFolder.create()) {
            SiteAddress address = ground.newSite(folder);
            try (Site site = ground.open(address);
                    Fleet fleet = new Fleet(address, folder, ground.jvmArguments())) {
                site.createLake(EventRows.contract());
                fleet.add(Role.PRODUCER, setup.writers(), setup.writing());
                setup.addPipeline(fleet);
                LiveView view = start(fleet);
                Duration writing = write(fleet, view, Role.PRODUCER, meanwhile);
                end(fleet, view, Role.ANALYST, "ending");
                Duration draining = end(fleet, view, Role.INGESTER, "draining");
                end(fleet, view, Role.COMPACTOR, "ending");
                end(fleet, view, Role.READER, "ending");
                end(fleet, view, Role.LONG_READER, "ending");
                progress.println("checking every row");
                progress.flush();
                RunResult result = result(site, fleet, writing, draining);
                if (!result.ok()) {
                    progress.println("the run's logs stay in " + folder.keep());
                }
                return result;
            } catch (RuntimeException e) {
                throw keeping(folder, e);
            }
        }
    }

    private static RunResult result(Site site, Fleet fleet, Duration writing, Duration draining) {
        Verdict verdict;
        Freshness freshness;
        try (LakeSession session = site.session(SessionOptions.Access.READ)) {
            verdict = Oracle.check(session, site.staging(), site.lakeData(), fleet.acknowledgements());
            freshness = Freshness.of(session);
        }
        LakeState lake = LakeState.of(site);
        Map<Role, Tally> others = new EnumMap<>(Role.class);
        Setup.OTHERS.forEach(role -> others.put(role, fleet.tally(role)));
        return new RunResult(
                RunResult.Way.STAGED,
                writing,
                draining,
                verdict.acknowledged() - verdict.deleted(),
                fleet.tallies(Role.PRODUCER),
                others,
                freshness,
                lake,
                RunResult.findings(verdict, lake, others.values()));
    }

    /** Direct writers and readers. */
    RunResult direct() {
        try (RunFolder folder = RunFolder.create()) {
            SiteAddress address = ground.newSite(folder);
            try (Site site = ground.open(address);
                    Fleet fleet = new Fleet(address, folder, ground.jvmArguments())) {
                site.session(SessionOptions.Access.CREATE).close();
                try (PlainDuckDb duckDb = PlainDuckDb.withLake(
                        site.s3(), site.catalog(), site.lakeData().root())) {
                    duckDb.execute(DirectWriterTask.CREATE_TABLE);
                }
                fleet.add(Role.DIRECT_WRITER, setup.writers(), setup.writing());
                setup.addReaders(fleet);
                LiveView view = start(fleet);
                Duration writing = write(fleet, view, Role.DIRECT_WRITER, Meanwhile.UNDISTURBED);
                end(fleet, view, Role.READER, "ending");
                LakeState lake = LakeState.of(site);
                Tally reader = fleet.tally(Role.READER);
                return new RunResult(
                        RunResult.Way.DIRECT,
                        writing,
                        Duration.ZERO,
                        fleet.tally(Role.DIRECT_WRITER).rows(),
                        fleet.tallies(Role.DIRECT_WRITER),
                        Map.of(Role.READER, reader),
                        Freshness.NONE,
                        lake,
                        RunResult.findings(fleet.tally(Role.DIRECT_WRITER), lake, reader));
            } catch (RuntimeException e) {
                throw keeping(folder, e);
            }
        }
    }

    private LiveView start(Fleet fleet) {
        progress.println("starting " + fleet.all().size() + " processes");
        progress.flush();
        fleet.start();
        return new LiveView(fleet, progress);
    }

    private Duration write(Fleet fleet, LiveView view, Role writers, Meanwhile meanwhile) {
        long begun = System.nanoTime();
        long nextShow = begun;
        Duration elapsed = Duration.ZERO;
        while (elapsed.compareTo(setup.duration()) < 0) {
            meanwhile.look(fleet, elapsed);
            if (System.nanoTime() >= nextShow) {
                view.show("writing");
                nextShow += TimeUnit.MILLISECONDS.toNanos(SHOW_MILLIS);
            }
            pause();
            elapsed = Duration.ofNanos(System.nanoTime() - begun);
        }
        meanwhile.end();
        return elapsed.plus(end(fleet, view, writers, "writing"));
    }

    /** Ends the processes of a role in an orderly way; returns how long that took. */
    private Duration end(Fleet fleet, LiveView view, Role role, String phase) {
        Duration longest = setup.duration().multipliedBy(2).plus(LONGEST_END);
        long begun = System.nanoTime();
        long nextShow = begun;
        fleet.stop(role);
        while (!fleet.isDone(role)) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
            if (elapsed.compareTo(longest) > 0) {
                throw new BenchException("a process that was told to stop, a " + role.word() + ", did not end within "
                        + longest.toSeconds() + " s");
            }
            if (System.nanoTime() >= nextShow) {
                view.show(phase);
                nextShow += TimeUnit.MILLISECONDS.toNanos(SHOW_MILLIS);
            }
            pause();
        }
        fleet.requireEnded(role);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            throw WorkerProcess.interrupted(e);
        }
    }

    private static RuntimeException keeping(RunFolder folder, RuntimeException cause) {
        Path kept = folder.keep();
        return new BenchException(cause.getMessage() + " (the run's logs stay in " + kept + ")", cause);
    }
}
