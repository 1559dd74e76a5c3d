package dev.millrace.cli;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.ConfigurationException;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.ingester.migration.Migration;
import dev.millrace.ingester.migration.MigrationResult;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.file.PathUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves the datasets of one lake into another. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Move datasets into the lake of another configuration, say from folders to S3 and PostgreSQL: lake files, ledger and"
                    + " runs in one transaction, then the staged files that wait. Snapshots and pins stay behind, and the old"
                    + " lake stays as it is.",
            "",
            "Stop the jobs of the old lake first. May be repeated: what was moved is left, and what was staged since is copied."
        },
        footer = {"", "Example:", "  millrace migrate --config millrace.yaml --to served.yaml"})
final class MigrateCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Mixin
    private DatasetSelection selection;

    @Option(names = "--to", paramLabel = "FILE", required = true, description = "The configuration of the other lake.")
    private Path to;

    MigrateCommand(ProcessContext context) {
        this.context = context;
    }

    /** What was moved, as it is printed. */
    record Result(List<Dataset> datasets) {
        /** {@code outcome}: moved, already-there or held-by-another. */
        record Dataset(
                String dataset,
                String outcome,
                long rows,
                long lakeFiles,
                long bytes,
                long ledgerRows,
                long stagedFiles) {}
    }

    @Override
    public ExitCode run() throws IOException {
        Configuration source = global.configuration(context);
        Configuration target = global.loader(context).load(Optional.of(to));
        requireTwoLakes(source, target);
        Path folder = Files.createTempDirectory("millrace-migrate-");
        try (Workspace here = global.workspace(context);
                Workspace there = global.workspace(context, target)) {
            Collection<Contract> contracts = selection.of(here.contracts());
            there.createPlaces();
            List<Result.Dataset> results = new ArrayList<>();
            ExitCode exitCode;
            try (LakeSession left = here.session(SessionOptions.Access.WRITE, folder);
                    LakeSession entered = there.session(SessionOptions.Access.CREATE, folder)) {
                PipelineTables.install(entered);
                Migration migration = new Migration(
                        here.operations().place(left), there.operations().place(entered), folder);
                exitCode = EachDataset.run(contracts, left, context.streams().err(), contract -> {
                    new DatasetContract(entered, contract).apply();
                    return report(results, migration.run(contract));
                });
            }
            if (global.json()) {
                JsonResult.print(context.streams().out(), new Result(results));
            }
            return exitCode;
        } finally {
            PathUtils.deleteDirectory(folder);
        }
    }

    private static void requireTwoLakes(Configuration source, Configuration target) {
        if (source.lake().catalog().equals(target.lake().catalog())
                || source.lake().data().equals(target.lake().data())) {
            throw new ConfigurationException(
                    "both configurations name the lake " + source.lake().catalog() + " with "
                            + source.lake().data()
                            + "; --to has to name another catalog and another data path. A variable such as"
                            + " MILLRACE_LAKE_CATALOG overrides both files: unset it");
        }
        if (source.staging().equals(target.staging())) {
            throw new ConfigurationException("both configurations name the staging area " + source.staging()
                    + "; --to has to name another one, else two lakes load the same files");
        }
    }

    private ExitCode report(List<Result.Dataset> results, MigrationResult result) {
        PrintStream out = context.streams().out();
        String dataset = result.dataset().toString();
        if (result instanceof MigrationResult.HeldByAnother held) {
            context.streams()
                    .err()
                    .println("millrace: dataset '" + dataset + "' is worked on by " + held.holder() + " since "
                            + held.since() + "; stop the jobs and try again (its lease ends at " + held.until() + ")");
            results.add(new Result.Dataset(dataset, "held-by-another", 0, 0, 0, 0, 0));
            return ExitCode.TRY_AGAIN_LATER;
        }
        if (result instanceof MigrationResult.AlreadyThere there) {
            results.add(new Result.Dataset(dataset, "already-there", 0, 0, 0, 0, there.stagedFiles()));
            say(out, dataset + ": the other lake has it already; " + waiting(there.stagedFiles()));
            return ExitCode.DONE;
        }
        MigrationResult.Moved moved = (MigrationResult.Moved) result;
        results.add(new Result.Dataset(
                dataset,
                "moved",
                moved.rows(),
                moved.lakeFiles(),
                moved.bytes(),
                moved.ledgerRows(),
                moved.stagedFiles()));
        say(
                out,
                dataset + ": " + Quantity.of(moved.rows(), "row") + " in " + Quantity.of(moved.lakeFiles(), "lake file")
                        + " (" + Quantity.bytes(moved.bytes()) + ") and "
                        + Quantity.of(moved.ledgerRows(), "ledger row")
                        + " moved; " + waiting(moved.stagedFiles()));
        return ExitCode.DONE;
    }

    private void say(PrintStream out, String sentence) {
        if (!global.json()) {
            out.println(sentence);
        }
    }

    private static String waiting(long stagedFiles) {
        return Quantity.of(stagedFiles, "staged file") + " to be loaded there copied";
    }
}
