package dev.millrace.bench.concurrency;

import dev.millrace.bench.BenchException;
import dev.millrace.bench.PlainDuckDb;
import dev.millrace.bench.oracle.EventRows;
import dev.millrace.bench.oracle.Oracle;
import dev.millrace.bench.oracle.Verdict;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many days of one dataset, staged by several processes and ingested by two at the same time, within a deadline.
 *
 * @param rowsADay rows of each day, which are one staged file and one partition
 * @param deadline when it is over, from the common start on, the processes are killed
 */
record Backfill(int days, int producers, int rowsADay, Duration deadline) {
    private static final int INGESTERS = 2;
    private static final long INGEST_EVERY_MILLIS = 200;
    private static final long LOOK_MILLIS = 10;
    private static final String RUNS = """
            SELECT coalesce(sum(commits), 0)::BIGINT, coalesce(sum(retries), 0)::BIGINT
            FROM lake.millrace.run WHERE activity = 'ingest'
            """;

    Backfill {
        if (days < 1 || deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException(
                    "a backfill has at least one day and some time, not " + days + " days in " + deadline);
        }
    }

    /**
     * What a backfill has come to.
     *
     * @param staging from the common start until the last producer had ended
     * @param whole from the common start until nothing waited any more
     * @param commits of batches
     * @param retries of them
     * @param gaveWay how often an ingester found the lease taken
     */
    record Result(
            int days,
            Duration staging,
            Duration whole,
            long rows,
            long lakeFiles,
            long commits,
            long retries,
            long gaveWay,
            List<String> findings) {}

    private record Commits(long commits, long retries) {}

    /**
     * Runs it.
     *
     * @throws BenchException when the deadline has passed; no process is left
     */
    Result run(Ground ground, PrintWriter progress) {
        try (RunFolder folder = RunFolder.create()) {
            SiteAddress address = ground.newSite(folder);
            try (Site site = ground.open(address);
                    Fleet fleet = new Fleet(address, folder, ground.jvmArguments())) {
                site.createLake(EventRows.contract());
                Pace pace =
                        new Pace(rowsADay, 1, 1, days, producers, Setup.STANDARD_LEASE.toMillis(), Pace.Others.NONE);
                fleet.add(Role.PRODUCER, producers, pace);
                fleet.add(Role.INGESTER, INGESTERS, pace.every(INGEST_EVERY_MILLIS));
                fleet.start();
                long begun = System.nanoTime();
                LiveView view = new LiveView(fleet, progress);
                Duration staging = awaitEnd(fleet, Role.PRODUCER, begun, view, "staging");
                fleet.stop(Role.INGESTER);
                Duration whole = awaitEnd(fleet, Role.INGESTER, begun, view, "draining");
                return result(site, fleet, staging, whole);
            } catch (RuntimeException e) {
                throw new BenchException(e.getMessage() + " (the run's logs stay in " + folder.keep() + ")", e);
            }
        }
    }

    private Duration awaitEnd(Fleet fleet, Role role, long begun, LiveView view, String phase) {
        long nextShow = 0;
        while (!fleet.isDone(role)) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
            if (elapsed.compareTo(deadline) > 0) {
                throw new BenchException("the backfill of " + days + " days did not end within its deadline of "
                        + deadline.toSeconds() + " s: "
                        + fleet.tally(Role.PRODUCER).rows() + " rows were staged, "
                        + fleet.tally(Role.INGESTER).rows() + " ingested; its processes were killed");
            }
            if (elapsed.toSeconds() >= nextShow) {
                view.show(phase);
                nextShow = elapsed.toSeconds() + 1;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                throw WorkerProcess.interrupted(e);
            }
        }
        fleet.requireEnded(role);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private Result result(Site site, Fleet fleet, Duration staging, Duration whole) {
        Tally ingesters = fleet.tally(Role.INGESTER);
        LakeState lake = LakeState.of(site);
        Verdict verdict;
        try (LakeSession session = site.session(SessionOptions.Access.READ)) {
            verdict = Oracle.check(session, site.staging(), site.lakeData(), fleet.acknowledgements());
        }
        List<String> findings = RunResult.findings(verdict, lake, List.of(ingesters));
        if (lake.rows() != (long) days * rowsADay) {
            findings.add(lake.rows() + " rows are in the lake, " + (long) days * rowsADay + " should be");
        }
        Commits commits;
        try (PlainDuckDb duckDb =
                PlainDuckDb.withLake(site.s3(), site.catalog(), site.lakeData().root())) {
            commits = duckDb.single(RUNS, row -> new Commits(row.getLong(1), row.getLong(2)));
        }
        return new Result(
                days,
                staging,
                whole,
                lake.rows(),
                lake.files(),
                commits.commits(),
                commits.retries(),
                ingesters.refused(),
                findings);
    }
}
