package dev.millrace.bench;

import dev.millrace.ingester.Backlog;
import dev.millrace.ingester.IngestEnvironment;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.Ingester;
import dev.millrace.lake.Activity;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.DatasetName;
import dev.millrace.storage.DirectoryStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the part of {@code millrace status} that grows with the files that wait. */
@Command(
        name = "backlog",
        mixinStandardHelpOptions = true,
        description = {
            "Has many staged files wait in a directory, and measures how long it takes to find out how many there are,",
            "how large and how old, as 'millrace status' does it, beside a walk over the directory that does nothing"
                    + " else."
        })
final class BacklogCommand implements Callable<Integer> {
    private static final double NANOS_A_SECOND = 1e9;
    private static final int FILES_A_PRODUCER = 10_000;
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final DatasetName DATASET = DatasetName.parse("readings");

    @Option(names = "--files", description = "staged files that wait")
    private int files = 100_000;

    @Option(names = "--rounds", description = "how often each is measured; the shortest time counts")
    private int rounds = 3;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("millrace-backlog");
        try {
            stage(folder.resolve("staging"));
            double walk = shortest(() -> walk(folder.resolve("staging")));
            double backlog = shortest(() -> backlog(folder));
            PrintWriter out = spec.commandLine().getOut();
            out.println("| files that wait | a walk that reads their attributes, s | the backlog as status has it, s |"
                    + " times |");
            out.println("| ---: | ---: | ---: | ---: |");
            out.printf(Locale.ROOT, "| %,d | %.2f | %.2f | %.1f |%n", files, walk, backlog, backlog / walk);
            out.flush();
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
        return CommandLine.ExitCode.OK;
    }

    private void stage(Path staging) throws IOException {
        Path dataset = staging.resolve(DATASET.toString());
        Path producer = dataset;
        for (int file = 0; file < files; file++) {
            if (file % FILES_A_PRODUCER == 0) {
                producer = Files.createDirectories(dataset.resolve("plant-" + file / FILES_A_PRODUCER));
            }
            Files.createFile(producer.resolve(BatchId.next() + ".parquet"));
        }
    }

    private double shortest(Callable<Long> counting) {
        double shortest = Double.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            long begun = System.nanoTime();
            long found;
            try {
                found = counting.call();
            } catch (Exception e) {
                throw new BenchException("the files could not be counted: " + e.getMessage(), e);
            }
            if (found != files) {
                throw new BenchException(found + " files were found, and " + files + " wait");
            }
            shortest = Math.min(shortest, (System.nanoTime() - begun) / NANOS_A_SECOND);
        }
        return shortest;
    }

    private static long walk(Path staging) throws IOException {
        try (Stream<Path> all = Files.find(
                staging,
                Integer.MAX_VALUE,
                (file, attributes) -> attributes.isRegularFile()
                        && attributes.lastModifiedTime().toMillis() > 0)) {
            return all.count();
        }
    }

    private static long backlog(Path folder) {
        LakeAddress address = new LakeAddress(
                new Catalog.SqliteCatalog(folder.resolve("lake.sqlite")),
                DirectoryStore.create(folder.resolve("data")).root());
        try (LakeSession session = LakeSession.open(address, SessionOptions.of(SessionOptions.Access.CREATE))) {
            PipelineTables.install(session);
            Backlog backlog = new Ingester(
                            new IngestEnvironment(
                                    session,
                                    DirectoryStore.open(folder.resolve("staging")),
                                    DirectoryStore.open(folder.resolve("data")),
                                    new LeasedRun.Terms(
                                            Activity.INGEST,
                                            Worker.current(),
                                            LEASE,
                                            Clock.systemUTC(),
                                            CommitRetry.STANDARD)),
                            MillraceIngest.DEFAULTS,
                            IngestListener.NONE)
                    .backlog(DATASET);
            return backlog.files();
        }
    }
}
