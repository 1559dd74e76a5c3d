package dev.millrace.bench.upsert;

import dev.millrace.bench.BenchException;
import dev.millrace.bench.Machine;
import dev.millrace.bench.PlainDuckDb;
import dev.millrace.bench.upsert.MeterLake.Took;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.WriteMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A batch that replaces rows of a large dataset beside an append of the same batch. */
@Command(
        name = "upsert",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Makes two datasets of the same rows in a folder, one of each mode, and ingests the same batches into"
                    + " both: of the",
            "newest keys, which stand beside each other, and of keys from everywhere. Tells times and the longest"
                    + " transaction,",
            "and counts every row."
        })
public final class UpsertCommand implements Callable<Integer> {
    @Option(names = "--lake-rows", description = "rows of the dataset")
    private long lakeRows = 5_000_000;

    @Option(names = "--batch-rows", description = "rows of a batch")
    private long batchRows = 100_000;

    @Option(names = "--target-bytes", description = "the size of a lake file")
    private long targetBytes = 16_000_000;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("millrace-upsert");
        try {
            measure(new MeterLake(folder, targetBytes));
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
        return CommandLine.ExitCode.OK;
    }

    private void measure(MeterLake lake) {
        Contract appended = MeterLake.contract("appended", WriteMode.APPEND);
        Contract upserted = MeterLake.contract(
                "upserted", new WriteMode.Upsert(List.of("id"), Optional.of("version"), Optional.empty()));
        PrintWriter out = spec.commandLine().getOut();
        lake.make(appended);
        lake.make(upserted);
        try (PlainDuckDb duckDb = lake.reader()) {
            String all = "SELECT i AS id FROM range(" + lakeRows + ") r(i)";
            stageAndIngest(lake, duckDb, appended, 1, all, lakeRows);
            stageAndIngest(lake, duckDb, upserted, 1, all, lakeRows);
            out.printf(
                    "%,d rows in %d lake files, batches of %,d rows%n", lakeRows, lake.lakeFiles(upserted), batchRows);
            out.println(
                    Machine.current(duckDb, false, Clock.systemUTC().instant()).description());
            out.println();
            out.println("| batch | way | s | longest transaction, ms | lake files written anew |");
            out.println("| --- | --- | ---: | ---: | ---: |");
            String newest = "SELECT i AS id FROM range(" + (lakeRows - batchRows) + ", " + lakeRows + ") r(i)";
            String everywhere = "SELECT i * " + lakeRows / batchRows + " AS id FROM range(" + batchRows + ") r(i)";
            compare(lake, duckDb, out, "newest keys", new Step(2, newest), appended, upserted);
            compare(lake, duckDb, out, "keys from everywhere", new Step(3, everywhere), appended, upserted);
        }
    }

    private record Step(int version, String ids) {}

    private void compare(
            MeterLake lake,
            PlainDuckDb duckDb,
            PrintWriter out,
            String batch,
            Step step,
            Contract appended,
            Contract upserted) {
        Took append = stageAndIngest(
                lake, duckDb, appended, step.version(), step.ids(), lakeRows + (step.version() - 1) * batchRows);
        print(out, batch, "append", append, 0);
        Took upsert = stageAndIngest(lake, duckDb, upserted, step.version(), step.ids(), lakeRows);
        print(out, batch, "upsert", upsert, lake.rewrittenFiles());
    }

    private static Took stageAndIngest(
            MeterLake lake, PlainDuckDb duckDb, Contract contract, int version, String ids, long expectedRows) {
        lake.stage(duckDb, contract, version, ids);
        Took took = lake.ingest(contract);
        if (took.rows() != expectedRows) {
            throw new BenchException(
                    "the dataset '" + contract.dataset() + "' has " + took.rows() + " rows, not " + expectedRows);
        }
        return took;
    }

    private static void print(PrintWriter out, String batch, String way, Took took, long rewritten) {
        out.printf(
                "| %s | %s | %.2f | %,d | %d |%n",
                batch,
                way,
                took.whole().toMillis() / 1e3,
                took.longestTransaction().toMillis(),
                rewritten);
        out.flush();
    }
}
