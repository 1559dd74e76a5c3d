package dev.millrace.ingester.migration;

import dev.millrace.lake.AdoptedColumns;
import dev.millrace.lake.CompactionSteps;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetModes;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.RunStart;
import dev.millrace.lake.UnregisteredFiles;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Moves datasets from one lake to another, say from folders to S3 and PostgreSQL: columns, lake files, ledger, steps and runs in one
 * transaction of the other lake, then the staged files that wait. The lake that is left stays as it is; its history, the snapshots, does not go along.
 *
 * <p>Holds both leases of the dataset here and that for ingests there. May be killed at any moment and repeated: before the
 * transaction the other dataset is empty, after it only staged files are still to be copied, and a key is loaded once.
 *
 * <p>Not thread-safe; uses the threads of both sessions.
 */
public final class Migration {
    private static final String ACTIVITY = "migrate";
    private static final String MESSAGE = "CALL lake.set_commit_message('millrace', ?, extra_info => ?)";
    private static final String FILES_EVER = """
            SELECT count(*) FROM __ducklake_metadata_lake.ducklake_data_file WHERE table_id = ?
            """;

    /** So many at once are told of in one statement. */
    private static final int REGISTERED_AT_ONCE = 1_000;

    private final MigrationPlace from;
    private final MigrationPlace to;
    private final Path folder;

    /** @param folder which both sessions can reach, for tables that are handed over; the caller removes it */
    public Migration(MigrationPlace from, MigrationPlace to, Path folder) {
        this.from = from;
        this.to = to;
        this.folder = folder;
    }

    /**
     * Moves a dataset.
     *
     * @throws LakeException when the other lake's dataset has other columns, or this one's rows can't be had from its files; nothing
     *     was moved then
     */
    public MigrationResult run(Contract contract) {
        return under(
                from,
                contract.dataset(),
                from.ingest(),
                ingest -> under(
                        from,
                        contract.dataset(),
                        from.compact(),
                        compact -> under(
                                to,
                                contract.dataset(),
                                to.ingest(),
                                run -> move(contract, List.of(ingest, compact), run))));
    }

    /** Under a lease, which is released however it ends. */
    private static MigrationResult under(
            MigrationPlace place,
            DatasetName dataset,
            LeasedRun.Terms terms,
            Function<LeasedRun, MigrationResult> work) {
        RunStart start = LeasedRun.begin(place.session(), dataset, terms, ACTIVITY);
        if (start instanceof RunStart.HeldByAnother held) {
            return new MigrationResult.HeldByAnother(dataset, held.holder(), held.since(), held.until());
        }
        LeasedRun run = ((RunStart.Started) start).run();
        try {
            MigrationResult result = work.apply(run);
            run.end(RunOutcome.SUCCEEDED, counts(result), Optional.empty());
            return result;
        } catch (RuntimeException e) {
            run.endAfter(e, RunCounts.NONE);
            throw e;
        }
    }

    private static RunCounts counts(MigrationResult result) {
        return result instanceof MigrationResult.Moved moved
                ? new RunCounts(moved.lakeFiles(), moved.rows(), moved.bytes(), 0, 1)
                : RunCounts.NONE;
    }

    private MigrationResult move(Contract contract, List<LeasedRun> held, LeasedRun run) {
        DatasetName dataset = contract.dataset();
        requireMovable(contract);
        DatasetTable target = new DatasetTable(to.session(), dataset);
        if (to.session().queryLong(FILES_EVER, target.id()) > 0 || HandedTables.ledgerRows(to.session(), dataset) > 0) {
            return new MigrationResult.AlreadyThere(dataset, new StagedMove(from, to).run(dataset));
        }
        List<SourceFile> sources = SourceFiles.of(from.session(), dataset);
        adoptColumns(dataset, run);
        contract.deletedKeys().ifPresent(deleted -> adoptColumns(deleted.dataset(), run));
        FileMove.Moved files = new FileMove(from, to, contract).run(sources, run.runId());
        HandedTables tables = new HandedTables(folder, dataset);
        tables.write(from.session());
        // Whoever had taken one of them over could have loaded what the tables tell of and the files do not have.
        held.forEach(Migration::confirm);
        long rows = sources.stream().mapToLong(SourceFile::liveRows).sum();
        commit(contract, run, files, tables, rows);
        return new MigrationResult.Moved(
                dataset,
                rows,
                files.paths().size(),
                sources.stream().mapToLong(SourceFile::bytes).sum(),
                HandedTables.ledgerRows(to.session(), dataset),
                new StagedMove(from, to).run(dataset));
    }

    /** Keys that are remembered as deleted would be forgotten, and older rows bring them back. */
    private void requireMovable(Contract contract) {
        new DatasetModes(from.session()).require(contract);
        new DatasetModes(to.session()).require(contract);
        new DatasetContract(from.session(), contract)
                .renames().stream().findFirst().ifPresent(rename -> {
                    throw new LakeException("dataset '" + contract.dataset() + "': by the contract " + rename
                            + ", which this lake has not done yet. Nothing was moved; run 'millrace init' on it, and then"
                            + " move it");
                });
        contract.deletedKeys()
                .map(Contract::dataset)
                .filter(deleted ->
                        new DatasetTable(from.session(), deleted).size().rows() > 0)
                .ifPresent(deleted -> {
                    throw new LakeException("dataset '" + contract.dataset()
                            + "' remembers keys that were deleted, in lake." + deleted
                            + ", which can't be moved. Nothing was moved; stage its rows for the other lake instead");
                });
    }

    /** @throws dev.millrace.lake.FencedException when the lease was taken over since it was taken */
    private static void confirm(LeasedRun held) {
        held.raised(held.commit(
                        "confirming the lease of run " + held.runId(),
                        held::raiseToken,
                        () -> Optional.of(held.reread()))
                .value());
    }

    /** Those that staged files have brought and that no contract names, and wider types and more fields of others. */
    private void adoptColumns(DatasetName dataset, LeasedRun run) {
        List<LakeColumn> here = new DatasetTable(from.session(), dataset).columns();
        AdoptedColumns target = new AdoptedColumns(to.session(), dataset);
        if (!target.areThere(here)) {
            commit(
                    run,
                    "giving dataset '" + dataset + "' the columns of the lake that it comes from",
                    () -> {
                        target.adopt(here);
                        message(run, "columns of the lake that " + dataset + " comes from");
                    },
                    () -> target.areThere(here));
        }
    }

    private void commit(Contract contract, LeasedRun run, FileMove.Moved moved, HandedTables tables, long rows) {
        DatasetName dataset = contract.dataset();
        DatasetTable target = new DatasetTable(to.session(), dataset);
        DatasetFiles files = new DatasetFiles(to.session(), contract, Long.MAX_VALUE);
        new UnregisteredFiles(to.session(), to.lakeData()).makeDurable(moved.paths());
        commit(
                run,
                "dataset '" + dataset + "': moving in",
                () -> {
                    for (int begin = 0; begin < moved.paths().size(); begin += REGISTERED_AT_ONCE) {
                        files.register(moved.paths()
                                .subList(
                                        begin,
                                        Math.min(
                                                begin + REGISTERED_AT_ONCE,
                                                moved.paths().size())));
                    }
                    tables.insert(to.session());
                    moved.steps().forEach(new CompactionSteps(to.session())::insert);
                    long found = to.session().queryLong("SELECT count(*) FROM " + target.sqlName());
                    if (found != rows) {
                        throw new LakeException("dataset '" + dataset + "': " + rows
                                + " rows were to be moved, and the other lake would" + " have " + found
                                + ". Nothing was moved; see what 'millrace audit' says of this lake");
                    }
                    message(
                            run,
                            "moved in " + dataset + ": " + rows + " rows of "
                                    + moved.paths().size() + " files");
                },
                () -> to.session().queryLong(FILES_EVER, target.id()) > 0
                        || HandedTables.ledgerRows(to.session(), dataset) > 0);
    }

    private void message(LeasedRun run, String text) {
        to.session().execute(MESSAGE, text, "{\"run\":\"" + run.runId() + "\"}");
    }

    private static void commit(LeasedRun run, String doing, Runnable body, BooleanSupplier happened) {
        Lease lease = run.commit(
                        doing,
                        () -> {
                            Lease raised = run.raiseToken();
                            body.run();
                            return raised;
                        },
                        () -> Optional.of(happened.getAsBoolean())
                                .filter(done -> done)
                                .map(done -> run.reread()))
                .value();
        run.raised(lease);
    }
}
