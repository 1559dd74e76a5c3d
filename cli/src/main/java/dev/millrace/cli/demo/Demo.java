package dev.millrace.cli.demo;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.ConfigurationLoader;
import dev.millrace.cli.pipeline.QueryAnswer;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.compactor.CompactResult;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.ingester.IngestResult;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Ledger;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.ContractFolder;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.ObjectStore;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Many producers, one ingester, one reader, one compactor, in one process and at one site. Runs once.
 *
 * <p>The producers know the staging area only, the ingester comes by every second, the reader has a session of its own:
 * the same parts that are processes of their own in real use.
 */
public final class Demo {
    private static final DatasetName FLIGHTS = DatasetName.parse(FlightsSource.DATASET);
    private static final Duration INGEST_EVERY = Duration.ofSeconds(1);
    private static final int SPEEDS = 15;
    private static final Duration SHOW_EVERY = Duration.ofSeconds(1);

    private final DemoSite site;
    private final Clock clock;
    private final PrintStream out;
    private final boolean terminal;
    private final DemoCounts counts = new DemoCounts();
    private final Semaphore cores =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);
    private final CountDownLatch aborted = new CountDownLatch(1);
    private final Map<DemoPart, Workspace> workspaces = new EnumMap<>(DemoPart.class);

    /** @param out where the demo shows how it proceeds */
    public Demo(DemoSite site, Clock clock, PrintStream out, boolean terminal) {
        this.site = site;
        this.clock = clock;
        this.out = out;
        this.terminal = terminal;
    }

    /** Runs it all; an exception of any part ends it, and what is in the folder is good for another try. */
    public DemoReport run() throws IOException {
        Instant begun = clock.instant();
        Configuration configuration = new ConfigurationLoader(
                        Map.of(), site.folder().folder())
                .load(Optional.of(site.folder().configurationFile()));
        for (DemoPart part : DemoPart.values()) {
            workspaces.put(part, new Workspace(configuration, site.environment(part), clock, out::println));
        }
        try {
            return run(begun);
        } finally {
            workspaces.values().forEach(Workspace::close);
        }
    }

    private DemoReport run(Instant begun) throws IOException {
        out.println("The demo works in " + site.folder().folder() + ".");
        workspace(DemoPart.CLEANER).createPlaces();
        initialize();
        try (DemoView view = new DemoView(counts, out, terminal, clock);
                LakeSession reading = workspace(DemoPart.READER).session(SessionOptions.Access.READ);
                LakeSession session = workspace(DemoPart.INGESTER).session(SessionOptions.Access.WRITE)) {
            CountDownLatch end = new CountDownLatch(1);
            DemoReader reader = new DemoReader(reading, days(), end);
            Thread readerThread = new Thread(reader, "reader");
            readerThread.start();
            long lakeFilesBefore;
            try {
                view.phase("reading the source");
                ExecutorService producers = Executors.newCachedThreadPool();
                try {
                    List<Future<Void>> staging = startProducers(producers);
                    view.phase("staging and ingesting");
                    view.showEvery(SHOW_EVERY);
                    ingestUntilStaged(session, staging);
                } finally {
                    aborted.countDown();
                    producers.shutdown();
                }
                view.phase("compacting");
                lakeFilesBefore = compact();
            } finally {
                end.countDown();
                joined(readerThread);
            }
            view.phase("done");
            return report(session, reader, lakeFilesBefore, begun);
        }
    }

    private void initialize() {
        // The catalog's tables belong to who makes them: the ingester is not to delete from them.
        try (LakeSession session = workspace(DemoPart.CLEANER).session(SessionOptions.Access.CREATE)) {
            PipelineTables.install(session);
            for (Contract contract : contracts().all()) {
                new DatasetContract(session, contract).apply();
            }
            DatasetTable.Size size = new DatasetTable(session, FLIGHTS).size();
            counts.alreadyInLake(size.rows(), size.files());
        }
    }

    private Contract contract() {
        return contracts().require(FLIGHTS);
    }

    private DemoDays days() {
        return site.folder().days();
    }

    private ContractFolder contracts() {
        return workspace(DemoPart.INGESTER).contracts();
    }

    private Workspace workspace(DemoPart part) {
        return workspaces.get(part);
    }

    private List<Future<Void>> startProducers(ExecutorService executor) throws IOException {
        Contract contract = contract();
        ObjectStore staging = workspace(DemoPart.PRODUCER).staging();
        Set<String> stagedEarlier = new HashSet<>();
        workspace(DemoPart.INGESTER)
                .staging()
                .list(StagingKey.prefix(FLIGHTS), page -> page.forEach(found -> stagedEarlier.add(found.key())));
        List<DemoProducer> producers = new ArrayList<>();
        for (FlightsSource.Carrier carrier : FlightsSource.read(contract, days())) {
            producers.add(new DemoProducer(carrier, contract, staging, stagedEarlier, counts, pace(producers.size())));
        }
        return producers.stream().map(executor::submit).toList();
    }

    /** Some are done with the year in two thirds of its time. */
    private DemoPace pace(int producer) {
        Duration year =
                site.year().multipliedBy(SPEEDS - producer % (SPEEDS / 3)).dividedBy(SPEEDS);
        return new DemoPace(clock.instant(), year, cores, aborted, clock);
    }

    private void ingestUntilStaged(LakeSession session, List<Future<Void>> staging) {
        boolean allStaged;
        do {
            Instant next = clock.instant().plus(INGEST_EVERY);
            allStaged = staging.stream().allMatch(Future::isDone);
            ingest(session);
            if (!allStaged) {
                awaitUntil(next, staging);
            }
        } while (!allStaged);
        staging.forEach(Demo::require);
    }

    private void ingest(LakeSession session) {
        IngestResult result = workspace(DemoPart.INGESTER)
                .operations()
                .ingester(session, counts)
                .ingest(contract());
        if (result instanceof IngestResult.HeldByAnother held) {
            throw new DemoException("the flights are being ingested by " + held.holder()
                    + ", another demo on this folder perhaps; let it end, or name another folder with --dir");
        }
    }

    /** Waits for the ingester's next turn, or until the producers have nothing more to do. */
    private void awaitUntil(Instant next, List<Future<Void>> staging) {
        for (Future<Void> producer : staging) {
            long millis = Duration.between(clock.instant(), next).toMillis();
            if (millis <= 0) {
                return;
            }
            try {
                producer.get(millis, TimeUnit.MILLISECONDS);
            } catch (java.util.concurrent.TimeoutException e) {
                return;
            } catch (ExecutionException e) {
                require(producer);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private static void require(Future<Void> producer) {
        try {
            producer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Returns how many lake files there were before. */
    private long compact() {
        Workspace cleaner = workspace(DemoPart.CLEANER);
        try (LakeSession session = cleaner.session(SessionOptions.Access.WRITE)) {
            long filesBefore = new DatasetTable(session, FLIGHTS).size().files();
            if (cleaner.operations().compactor(session, MergePolicy.Extent.FULL).compact(contract())
                    instanceof CompactResult.Done done) {
                counts.transactions(done.commits(), done.longestTransaction());
                counts.merged(done.before().files(), done.after().files());
            }
            cleaner.operations().expiry(session).run(List.of(FLIGHTS));
            cleaner.operations().sweep(session).run(FLIGHTS);
            return filesBefore;
        }
    }

    private DemoReport report(LakeSession session, DemoReader reader, long lakeFilesBefore, Instant begun)
            throws IOException {
        DemoTruth truth = DemoTruth.of(days());
        DatasetTable.Size size = new DatasetTable(session, FLIGHTS).size();
        long distance = session.queryLong("SELECT coalesce(sum(distance), 0)::BIGINT FROM lake.flights");
        QueryAnswer answer = QueryAnswer.of(session, DemoQuery.SQL, 0);
        return new DemoReport(
                truth.flights(),
                counts.stagedRows(),
                new Ledger(session).totals(FLIGHTS).loadedRows(),
                size.rows(),
                truth.distance(),
                counts.stagedDistance(),
                distance,
                counts.stagedFiles(),
                lakeFilesBefore,
                size.files(),
                counts.commits(),
                counts.longestTransactionMillis(),
                reader.queries(),
                reader.errors(),
                Duration.between(begun, clock.instant()).toMillis() / 1_000.0,
                answer);
    }

    private static void joined(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("the demo was interrupted; run it again on the same folder to go on", cause);
    }
}
