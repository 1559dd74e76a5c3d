package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.ingester.Backlog;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestResult;
import dev.millrace.lake.Activity;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * An ingest of several datasets, one after the other, in a session of its own: what the command does, and what {@code serve} does
 * when it is time. For one thread, and for once.
 */
final class IngestRun {
    private final Workspace workspace;
    private final StandardStreams streams;
    private final Telling telling;
    private final IngestListener listener;
    private final BooleanSupplier isStopAsked;
    private final List<IngestCommand.Result.Dataset> results = new ArrayList<>();

    /**
     * An ingest that can be stopped.
     *
     * @param telling how much is said
     * @param isStopAsked ends it before the next dataset or after the transaction that is in work
     */
    IngestRun(
            Workspace workspace,
            StandardStreams streams,
            Telling telling,
            IngestListener listener,
            BooleanSupplier isStopAsked) {
        this.workspace = workspace;
        this.streams = streams;
        this.telling = telling;
        this.listener = listener;
        this.isStopAsked = isStopAsked;
    }

    /** Ingests; tells of the failure of a dataset on standard error when others remain, and throws it otherwise. */
    ExitCode over(Collection<Contract> contracts) {
        return run(contracts.size(), session -> contracts);
    }

    /**
     * As {@link #over}, and tells of the folders of the staging area that have no contract; where the configuration allows it, it makes
     * one for each.
     *
     * @param contracts all that there are
     */
    ExitCode overAll(Collection<Contract> contracts) {
        FoldersWithoutContract without =
                FoldersWithoutContract.of(workspace.staging().folders(), workspace.contracts());
        if (!workspace.infersContracts()) {
            without.notices().forEach(this::notice);
            return over(contracts);
        }
        new FoldersWithoutContract(List.of(), without.others()).notices().forEach(this::notice);
        return run(contracts.size() + without.datasets().size(), session -> {
            InferredContracts inferred =
                    new InferredContracts(session, workspace.staging(), workspace.contractsFolder(), this::notice);
            List<Contract> all = new ArrayList<>(contracts);
            without.datasets().forEach(dataset -> inferred.make(dataset).ifPresent(all::add));
            return all;
        });
    }

    private void notice(String sentence) {
        streams.err().println("millrace: " + sentence);
    }

    private ExitCode run(int datasets, Function<LakeSession, Collection<Contract>> contracts) {
        Optional<Execution> execution = Optional.of(workspace
                .operations()
                .execution(Activity.INGEST.word(), datasets > 1 ? Execution.Shape.PARENT : Execution.Shape.SINGLE));
        try (LakeSession session = workspace.session(SessionOptions.Access.WRITE)) {
            try {
                return EachDataset.run(
                        contracts.apply(session), session, streams.err(), execution, isStopAsked, contract -> {
                            Watch watch = new Watch();
                            return report(
                                    workspace
                                            .operations()
                                            .ingester(session, watch, execution)
                                            .ingest(contract),
                                    watch.longest);
                        });
            } finally {
                execution.orElseThrow().end(session);
            }
        }
    }

    /** What became of the datasets that did not fail, in their order. */
    List<IngestCommand.Result.Dataset> results() {
        return results;
    }

    /** Prints a line for each dataset for which there was something to do. */
    void printWork() {
        results.stream().filter(result -> result.run() != null).forEach(result -> streams.out()
                .println(result.dataset() + ": " + Quantity.of(result.rows(), "row") + " of "
                        + Quantity.of(result.files(), "staged file") + " loaded, run " + result.run()));
    }

    private ExitCode report(IngestResult result, Duration longest) {
        String dataset = result.dataset().toString();
        if (result instanceof IngestResult.HeldByAnother held) {
            if (telling != Telling.FAILURES) {
                streams.err()
                        .println("millrace: dataset '" + dataset + "' is being ingested by " + held.holder()
                                + " since " + held.since() + "; try again later (its lease ends at " + held.until()
                                + ")");
            }
            results.add(new IngestCommand.Result.Dataset(dataset, "held-by-another", null, 0, 0, 0, 0, 0, 0, 0));
            return ExitCode.TRY_AGAIN_LATER;
        }
        IngestResult.Done done = (IngestResult.Done) result;
        results.add(new IngestCommand.Result.Dataset(
                dataset,
                done.runId().isPresent() ? "done" : "nothing-to-do",
                done.runId().orElse(null),
                done.counts().files(),
                done.counts().rows(),
                done.counts().quarantinedFiles(),
                done.unsettledFiles(),
                done.counts().commits(),
                done.retries(),
                longest.toMillis()));
        if (telling == Telling.RESULTS) {
            streams.out().println(dataset + ": " + sentence(done, longest));
        }
        return ExitCode.DONE;
    }

    private static String sentence(IngestResult.Done done, Duration longest) {
        if (done.runId().isEmpty()) {
            return "nothing to do";
        }
        StringBuilder text = new StringBuilder(Quantity.of(done.counts().rows(), "row") + " of "
                + Quantity.of(done.counts().files(), "staged file") + " loaded in "
                + Quantity.of(done.counts().commits(), "commit") + " (longest " + longest.toMillis() + " ms)");
        append(text, done.counts().quarantinedFiles(), "file", " quarantined (see 'millrace quarantine list')");
        append(text, done.unsettledFiles(), "unreadable file", " left for later, too young to be judged");
        return text.toString();
    }

    private static void append(StringBuilder text, long count, String what, String happened) {
        if (count > 0) {
            text.append("; ").append(Quantity.of(count, what)).append(happened);
        }
    }

    /** Tells of refused files at once, remembers the longest transaction, and ends a run that is to stop. */
    private final class Watch implements IngestListener {
        private Duration longest = Duration.ZERO;

        private void goOn() {
            if (isStopAsked.getAsBoolean()) {
                throw new StoppedException();
            }
        }

        @Override
        public void listed(DatasetName dataset, Backlog backlog) {
            listener.listed(dataset, backlog);
        }

        @Override
        public void scanned(DatasetName dataset, Backlog backlog) {
            listener.scanned(dataset, backlog);
            goOn();
        }

        @Override
        public void inspected(DatasetName dataset, int stagedFiles) {
            listener.inspected(dataset, stagedFiles);
            goOn();
        }

        @Override
        public void written(DatasetName dataset, String batchId, int stagedFiles, int lakeFiles, long rows) {
            listener.written(dataset, batchId, stagedFiles, lakeFiles, rows);
        }

        @Override
        public void committed(DatasetName dataset, String batchId, long rows, Duration transaction) {
            longest = transaction.compareTo(longest) > 0 ? transaction : longest;
            listener.committed(dataset, batchId, rows, transaction);
            goOn();
        }

        @Override
        public void evolved(DatasetName dataset, String change) {
            streams.err().println("millrace: dataset '" + dataset + "': " + change);
            listener.evolved(dataset, change);
        }

        @Override
        public void rewritten(DatasetName dataset, long rows, long bytes) {
            listener.rewritten(dataset, rows, bytes);
            goOn();
        }

        @Override
        public void refused(DatasetName dataset, String stagedKey, String reason, String message) {
            streams.err().println("millrace: quarantined " + stagedKey + " (" + reason + "): " + message);
            listener.refused(dataset, stagedKey, reason, message);
        }
    }
}
