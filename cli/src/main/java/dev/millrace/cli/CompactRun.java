package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.compactor.CompactResult;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.lake.Activity;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.Contract;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A compaction of several datasets, one after the other, and all that is deleted after it, in a session of its own: what the
 * command does, and what {@code serve} does when it is time. For one thread, and for once.
 */
final class CompactRun {
    private final Workspace workspace;
    private final StandardStreams streams;
    private final Telling telling;
    private final MergePolicy.Extent extent;
    private final BooleanSupplier isStopAsked;
    private final List<CompactCommand.Result.Dataset> results = new ArrayList<>();
    private CleanStep.Cleaned cleaned = CleanStep.Cleaned.NOTHING;
    private OrphanReport orphans = OrphanReport.NOT_TRIED;

    /**
     * A compaction that can be stopped.
     *
     * @param telling how much is said
     * @param isStopAsked ends it before the next dataset or after the step that is in work
     */
    CompactRun(
            Workspace workspace,
            StandardStreams streams,
            Telling telling,
            MergePolicy.Extent extent,
            BooleanSupplier isStopAsked) {
        this.workspace = workspace;
        this.streams = streams;
        this.telling = telling;
        this.extent = extent;
        this.isStopAsked = isStopAsked;
    }

    /**
     * Compacts; tells of the failure of a dataset on standard error when others remain, and throws it otherwise.
     *
     * @param orphanShare the percentage that was given for once
     */
    ExitCode over(Collection<Contract> contracts, Optional<Integer> orphanShare) {
        Execution execution = workspace.operations().execution(Activity.COMPACT.word(), Execution.Shape.PARENT);
        try (LakeSession session = workspace.compactSession()) {
            try {
                ExitCode exitCode = EachDataset.run(
                        contracts,
                        session,
                        streams.err(),
                        Optional.of(execution),
                        isStopAsked,
                        contract -> report(workspace
                                .operations()
                                .compactor(session, extent, Optional.of(execution))
                                .compact(contract, isStopAsked)));
                // Where something went wrong, nothing is deleted.
                if ((exitCode == ExitCode.DONE || exitCode == ExitCode.TRY_AGAIN_LATER)
                        && !isStopAsked.getAsBoolean()) {
                    cleaned = new CleanStep(workspace, session, execution)
                            .run(contracts.stream().map(Contract::dataset).toList());
                    orphans = new OrphanStep(workspace, session, orphanShare, Optional.of(execution)).run();
                }
                workspace.operations().runRetention(session).run(execution.now());
                return exitCode;
            } finally {
                execution.end(session);
            }
        }
    }

    /** What was done. */
    CompactCommand.Result result() {
        return new CompactCommand.Result(
                results, cleaned.snapshots(), cleaned.lakeFiles(), cleaned.stagedFiles(), orphans);
    }

    /** Says for people what was deleted, besides orphans. */
    void printDeleted() {
        streams.out()
                .println(Quantity.count(cleaned.snapshots()) + " snapshots expired, "
                        + Quantity.count(cleaned.lakeFiles()) + " unneeded files deleted, "
                        + Quantity.count(cleaned.stagedFiles())
                        + " loaded staged files deleted");
    }

    private ExitCode report(CompactResult result) {
        String dataset = result.dataset().toString();
        if (result instanceof CompactResult.HeldByAnother held) {
            if (telling != Telling.FAILURES) {
                streams.err()
                        .println("millrace: dataset '" + dataset + "' is being compacted by " + held.holder()
                                + " since " + held.since() + "; try again later (its lease ends at " + held.until()
                                + ")");
            }
            results.add(new CompactCommand.Result.Dataset(dataset, "held-by-another", null, 0, 0, 0, 0, 0, 0, 0, 0));
            return ExitCode.TRY_AGAIN_LATER;
        }
        CompactResult.Done done = (CompactResult.Done) result;
        results.add(new CompactCommand.Result.Dataset(
                dataset,
                done.runId().isPresent() ? "done" : "nothing-to-do",
                done.runId().orElse(null),
                done.after().rows(),
                done.before().files(),
                done.after().files(),
                done.before().bytes(),
                done.after().bytes(),
                done.commits(),
                done.left().files(),
                done.left().bytes()));
        if (telling == Telling.RESULTS) {
            streams.out().println(dataset + ": " + sentence(done));
        }
        return ExitCode.DONE;
    }

    private static String sentence(CompactResult.Done done) {
        if (done.runId().isEmpty()) {
            return "nothing worth a merge in " + Quantity.of(done.after().files(), "file");
        }
        return Quantity.count(done.before().files()) + " files ("
                + Quantity.bytes(done.before().bytes()) + ") became "
                + Quantity.count(done.after().files()) + " ("
                + Quantity.bytes(done.after().bytes()) + "), "
                + Quantity.count(done.after().rows()) + " rows"
                + (done.left().files() == 0
                        ? ""
                        : "; " + Quantity.of(done.left().files(), "file") + " ("
                                + Quantity.bytes(done.left().bytes()) + ") are left for next time");
    }
}
