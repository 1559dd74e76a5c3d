package dev.millrace.bench.compaction;

import dev.millrace.bench.BenchException;
import dev.millrace.bench.Machine;
import dev.millrace.bench.PlainDuckDb;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A compaction of many small files beside DuckDB's COPY of the same files, and a scan before and after. */
@Command(
        name = "compaction",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Makes a lake of many small files in a folder, lets DuckDB copy them, DuckLake merge them and Millrace compact them, each",
            "in a process of its own, in turn and several times on the same files, and tells the medians of their times, throughput, and peak",
            "memory. Every row is counted before and after."
        })
public final class CompactionCommand implements Callable<Integer> {
    private static final double BYTES_A_MEGABYTE = 1e6;
    private static final double MILLIS_A_SECOND = 1e3;
    private static final String SUMS =
            "SELECT count(*) || ' rows, ' || sum(hash(id, note, site)::HUGEINT) FROM lake.readings";
    private static final String SCAN = "SELECT count(*) FROM lake.readings WHERE sensor = 7 AND temperature > 0";
    private static final List<String> PASSED_ON =
            List.of("java.library.path", "millrace.cache", "millrace.duckdb.driver", "java.io.tmpdir");

    @Option(names = "--files", description = "small lake files")
    private int files = 10_000;

    @Option(names = "--rows", description = "rows of a file")
    private int rows = 200;

    @Option(names = "--rounds", description = "how often each of them does it")
    private int rounds = 3;

    @Option(names = "--partitions", description = "partitions among them")
    private int partitions = 10;

    @Option(names = "--target-bytes", description = "the size that files are merged towards")
    private long targetBytes = 256_000_000;

    @Option(names = "--memory-bytes", description = "memory of the engine, on either side")
    private long memoryBytes = 512_000_000;

    @Option(names = "--heap-megabytes", description = "heap of the JVM, on either side")
    private int heapMegabytes = 256;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private record Scan(String content, long millis, long files, long bytes) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter errors = spec.commandLine().getErr();
        Path folder = Files.createTempDirectory("millrace-compaction");
        try {
            SmallLake lake = new SmallLake(folder);
            lake.make(files, rows, partitions, made -> {
                errors.println("made " + made);
                errors.flush();
            });
            // The first scan finds the files in the system's cache as the second one does: they were just written.
            Scan before = scan(lake);
            SmallLake.Kept kept = lake.keep();
            List<Measured> copied = new ArrayList<>();
            List<Measured> merged = new ArrayList<>();
            List<Measured> compacted = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                errors.println("round " + round + ": DuckDB copies, DuckLake merges, Millrace compacts");
                errors.flush();
                lake.restore(kept);
                copied.add(run(Task.COPY, folder));
                merged.add(run(Task.ENGINE_MERGE, folder));
                lake.restore(kept);
                compacted.add(run(Task.COMPACT, folder));
            }
            Scan after = scan(lake);
            if (!before.content().equals(after.content())) {
                throw new BenchException(
                        "the lake had " + before.content() + " before, and " + after.content() + " after");
            }
            report(
                    lake,
                    before,
                    new Contenders(Measured.median(copied), Measured.median(merged), Measured.median(compacted)),
                    after);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
        return CommandLine.ExitCode.OK;
    }

    private Scan scan(SmallLake lake) {
        DatasetTable.Size size;
        try (LakeSession session = lake.session(SessionOptions.Access.READ, Optional.empty())) {
            size = new DatasetTable(session, SmallLake.CONTRACT.dataset()).size();
        }
        try (PlainDuckDb reader = reader(lake)) {
            long began = System.nanoTime();
            reader.text(SCAN);
            long millis = (System.nanoTime() - began) / 1_000_000;
            return new Scan(reader.text(SUMS), millis, size.files(), size.bytes());
        }
    }

    private static PlainDuckDb reader(SmallLake lake) {
        return PlainDuckDb.withLake(
                Optional.empty(), lake.address().catalog(), lake.data().toString());
    }

    private Measured run(Task task, Path folder) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heapMegabytes + "m");
        // As the launcher starts it: the slow compiler would not pay for itself in seconds, for none of them.
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        PASSED_ON.stream()
                .filter(name -> System.getProperty(name) != null)
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Task.class.getName(),
                task.name(),
                folder.toString(),
                Long.toString(targetBytes),
                Long.toString(memoryBytes)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String told;
        try (var lines = process.inputReader()) {
            told = lines.readLine();
        } finally {
            process.onExit().join();
        }
        if (process.waitFor() != 0 || told == null) {
            throw new BenchException("the process of " + task + " ended with " + process.exitValue());
        }
        return Measured.parse(told);
    }

    /** What the three of them took. */
    private record Contenders(Measured copy, Measured engine, Measured millrace) {}

    private void report(SmallLake lake, Scan before, Contenders took, Scan after) {
        PrintWriter out = spec.commandLine().getOut();
        double megabytes = before.bytes() / BYTES_A_MEGABYTE;
        out.printf(
                "%,d files of %d rows, %.1f MB, %d partitions; an engine with %.0f MB, a JVM with %d MB; the median of %d times%n",
                files, rows, megabytes, partitions, memoryBytes / BYTES_A_MEGABYTE, heapMegabytes, rounds);
        try (PlainDuckDb reader = reader(lake)) {
            out.println(
                    Machine.current(reader, false, Clock.systemUTC().instant()).description());
        }
        out.println();
        out.println("| | DuckDB COPY | DuckLake's own merge | Millrace compact |");
        out.println("| --- | ---: | ---: | ---: |");
        out.printf(
                "| time, s | %.1f | %.1f | %.1f |%n",
                took.copy().millis() / MILLIS_A_SECOND,
                took.engine().millis() / MILLIS_A_SECOND,
                took.millrace().millis() / MILLIS_A_SECOND);
        double copied = took.copy().millis();
        out.printf(
                "| throughput, MB/s (of COPY) | %.1f | %.1f (%.2f) | %.1f (%.2f) |%n",
                megabytes / copied * MILLIS_A_SECOND,
                megabytes / took.engine().millis() * MILLIS_A_SECOND,
                copied / took.engine().millis(),
                megabytes / took.millrace().millis() * MILLIS_A_SECOND,
                copied / took.millrace().millis());
        out.printf(
                "| peak memory of the process, MB | %.0f | %.0f | %.0f |%n",
                took.copy().peakBytes() / BYTES_A_MEGABYTE,
                took.engine().peakBytes() / BYTES_A_MEGABYTE,
                took.millrace().peakBytes() / BYTES_A_MEGABYTE);
        out.printf("| longest transaction, ms | | | %,d |%n", took.millrace().longestTransactionMillis());
        out.printf(
                "| files, MB: before, after | | | %,d, %.1f; %,d, %.1f |%n",
                before.files(), megabytes, after.files(), after.bytes() / BYTES_A_MEGABYTE);
        out.printf("| scan before, after, ms | | | %,d, %,d |%n", before.millis(), after.millis());
    }
}
