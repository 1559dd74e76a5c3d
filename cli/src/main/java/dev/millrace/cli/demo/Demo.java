package dev.millrace.cli.demo;

import dev.millrace.cli.config.ConfigurationLoader;
import dev.millrace.cli.pipeline.QueryAnswer;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.compactor.CompactResult;
import dev.millrace.ingester.IngestResult;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Ledger;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Many producers, one ingester, one reader, one compactor, in one process and on one folder. Runs once.
 *
 * <p>The producers know the staging area only, the ingester comes by every second, the reader has a session of its own:
 * the same parts that are processes of their own in real use.
 */
public final class Demo {
    private static final Duration INGEST_EVERY = Duration.ofSeconds(1);
    private static final Duration SHOW_EVERY = Duration.ofSeconds(1);

    private final DemoFolder folder;
    private final Clock clock;
    private final PrintStream out;
    private final boolean terminal;
    private final Map<DemoSource, DemoCounts> counts = new LinkedHashMap<>();
    private final Map<DemoSource, Long> filesBefore = new LinkedHashMap<>();
    private Workspace workspace;

    /** @param out where the demo shows how it proceeds */
    public Demo(DemoFolder folder, Clock clock, PrintStream out, boolean terminal) {
        this.folder = folder;
        this.clock = clock;
        this.out = out;
        this.terminal = terminal;
        counts.put(DemoSource.FLIGHTS, new DemoCounts());
        counts.put(DemoSource.WEATHER, new DemoCounts());
    }

    public DemoFolder folder() {
        return folder;
    }

    /** Runs it all; an exception of any part ends it, and what is in the folder is good for another try. */
    public DemoReport run() throws IOException {
        Instant begun = clock.instant();
        workspace = new Workspace(
                new ConfigurationLoader(Map.of(), folder.folder()).load(Optional.of(folder.configurationFile())),
                clock,
                out::println);
        out.println("The demo works in " + folder.folder() + ".");
        workspace.createPlaces();
        initialize();
        try (DemoView view = new DemoView(counts, out, terminal, clock);
                LakeSession reading = workspace.session(SessionOptions.Access.READ);
                LakeSession session = workspace.session(SessionOptions.Access.WRITE)) {
            CountDownLatch end = new CountDownLatch(1);
            DemoReader reader = new DemoReader(reading, end);
            Thread readerThread = new Thread(reader, "reader");
            readerThread.start();
            try {
                view.phase("reading the source");
                ExecutorService producers = Executors.newCachedThreadPool();
                try {
                    List<Future<Void>> staging = startProducers(producers);
                    view.phase("staging and ingesting");
                    view.showEvery(SHOW_EVERY);
                    ingestUntilStaged(session, staging);
                } finally {
                    producers.shutdownNow();
                }
                view.phase("compacting");
                compact(session);
            } finally {
                end.countDown();
                joined(readerThread);
            }
            view.phase("done");
            return report(session, reader, Duration.between(begun, clock.instant()));
        }
    }

    private void initialize() {
        try (LakeSession session = workspace.session(SessionOptions.Access.CREATE)) {
            PipelineTables.install(session);
            for (Contract contract : workspace.contracts().all()) {
                new DatasetTable(session, contract.dataset()).apply(contract);
            }
            counts.forEach((source, count) -> {
                DatasetTable.Size size = new DatasetTable(session, DatasetName.parse(source.dataset())).size();
                count.alreadyInLake(size.rows(), size.files());
            });
        }
    }

    private Contract contract(DemoSource source) {
        return workspace.contracts().require(DatasetName.parse(source.dataset()));
    }

    private List<Future<Void>> startProducers(ExecutorService executor) throws IOException {
        List<DemoProducer> producers = new ArrayList<>();
        for (Map.Entry<DemoSource, DemoCounts> entry : counts.entrySet()) {
            DemoSource source = entry.getKey();
            Contract contract = contract(source);
            source.read(contract)
                    .forEach(producer -> producers.add(new DemoProducer(
                            source, producer, contract, workspace.staging(), entry.getValue(), clock)));
        }
        return producers.stream().map(executor::submit).toList();
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
        counts.forEach((source, count) -> {
            IngestResult result = workspace.ingester(session, count).ingest(contract(source));
            if (result instanceof IngestResult.HeldByAnother held) {
                throw new DemoException("dataset '" + source.dataset() + "' is being ingested by " + held.holder()
                        + ", another demo on this folder perhaps; let it end, or name another folder with --dir");
            }
        });
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

    private void compact(LakeSession session) {
        counts.forEach((source, count) -> {
            DatasetName dataset = DatasetName.parse(source.dataset());
            filesBefore.put(source, new DatasetTable(session, dataset).size().files());
            if (workspace.compactor(session).compact(dataset) instanceof CompactResult.Done done) {
                count.transactions(done.commits(), done.longestTransaction());
            }
        });
        workspace
                .expiry(session)
                .run(counts.keySet().stream()
                        .map(source -> DatasetName.parse(source.dataset()))
                        .toList());
    }

    private DemoReport report(LakeSession session, DemoReader reader, Duration elapsed) {
        List<DemoReport.Dataset> datasets = new ArrayList<>();
        counts.forEach((source, count) -> {
            DatasetTable table = new DatasetTable(session, DatasetName.parse(source.dataset()));
            datasets.add(new DemoReport.Dataset(
                    source.dataset(),
                    source.sumColumn(),
                    source.expectedRows(),
                    count.stagedRows(),
                    new Ledger(session)
                            .totals(DatasetName.parse(source.dataset()))
                            .loadedRows(),
                    table.size().rows(),
                    source.expectedSum(),
                    count.stagedSum(),
                    session.queryLong(
                            "SELECT coalesce(sum(" + source.sumColumn() + "), 0)::BIGINT FROM " + table.sqlName()),
                    count.stagedFiles(),
                    filesBefore.get(source),
                    table.size().files()));
        });
        return new DemoReport(
                datasets,
                counts.values().stream().mapToLong(DemoCounts::commits).sum(),
                counts.values().stream()
                        .mapToLong(DemoCounts::longestTransactionMillis)
                        .max()
                        .orElse(0),
                reader.queries(),
                reader.errors(),
                elapsed.toMillis() / 1_000.0,
                QueryAnswer.of(session, DemoQuery.SQL, 0));
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
