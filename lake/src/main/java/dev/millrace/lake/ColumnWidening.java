package dev.millrace.lake;

import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.RewriteSources.Source;
import dev.millrace.schemas.Contract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives columns of a dataset wider types: writes all of its rows anew, outside of any transaction, and in one transaction puts them in
 * the place of the former ones, with the columns as they are to be, under the token of the lease for ingests. The engine ends the former rows
 * one by one in it (0.4 s for a million, DuckLake d8a1881e).
 *
 * <p>So no statistics of a narrower type are left that the engine could take for those of all rows, as they are after its own
 * {@code ALTER … TYPE}. Killed at any moment it has changed nothing, or all of it. Belongs to its session's thread.
 */
public final class ColumnWidening {
    /** Somebody who changes the dataset all the time is given way to this often. */
    private static final int MAX_CHANGES_MEANWHILE = 20;

    private static final Logger LOG = LoggerFactory.getLogger(ColumnWidening.class);

    private record Columns(List<LakeColumn> before, List<LakeColumn> after) {}

    private final LakeSession session;
    private final Contract contract;
    private final RewritePlace place;
    private final Clock clock;

    public ColumnWidening(LakeSession session, Contract contract, RewritePlace place, Clock clock) {
        this.session = session;
        this.contract = contract;
        this.place = place;
        this.clock = clock;
    }

    /**
     * Why it is better not done by the way, where that is so; a sentence without a full stop. Changes nothing, and works with a session that may
     * only read.
     *
     * @param maxBytes of lake files that may be written anew by the way
     */
    public static Optional<String> objection(LakeSession session, Contract contract, long maxBytes) {
        RewriteSources sources = sources(session, contract);
        Optional<String> obstacle = sources.obstacle(contract.dataset());
        RewriteSize size = sources.size();
        return obstacle.isPresent() || size.bytes() <= maxBytes
                ? obstacle
                : Optional.of(size + " would have to be written anew, more than an ingest does by the way"
                        + " (ingest.max-widen-bytes); write the wider type into the contract and run 'millrace init',"
                        + " then 'millrace quarantine retry' for what was refused");
    }

    /**
     * Widens.
     *
     * @param evolutions each of which is a {@link ColumnChange.ColumnWidened}
     * @param listener is told of what is written, and may end it by throwing
     * @throws LakeException when the rows can't be exchanged, or others change them all the time; nothing was changed
     */
    public CommitRetry.Outcome<Lease> run(LeasedRun run, List<Evolution> evolutions, Consumer<RewriteSize> listener) {
        new DatasetOptions(session, contract.dataset()).endInlining();
        sources(session, contract).obstacle(contract.dataset()).ifPresent(obstacle -> {
            throw new LakeException("dataset '" + contract.dataset() + "' can't be written anew: " + obstacle);
        });
        List<ColumnChange> changes = evolutions.stream().map(Evolution::change).toList();
        // First: until the dataset has the wider type too, the narrower values go into the wider column.
        contract.deletedKeys()
                .filter(deleted -> !columnsAfter(deleted, changes).equals(columns(deleted)))
                .ifPresent(deleted -> widen(run, deleted, changes, List.of(), listener));
        return widen(run, contract, changes, evolutions, listener);
    }

    private CommitRetry.Outcome<Lease> widen(
            LeasedRun run,
            Contract layout,
            List<ColumnChange> changes,
            List<Evolution> evolutions,
            Consumer<RewriteSize> listener) {
        Instant begun = clock.instant();
        List<LakeColumn> before = columns(layout);
        List<LakeColumn> after = columnsAfter(layout, changes);
        RowRewrite rewrite = new RowRewrite(session, layout, place, after);
        for (int attempt = 1; ; attempt++) {
            try {
                rewrite.catchUp(done -> {
                    listener.accept(done);
                    run.extendWhenHalfOver();
                });
                CommitRetry.Outcome<Lease> outcome =
                        commit(run, layout, new Columns(before, after), rewrite, evolutions);
                LOG.info(
                        "dataset '{}': {} written anew in {} ms, for {}; the transaction took {} ms",
                        layout.dataset(),
                        size(rewrite),
                        Duration.between(begun, clock.instant()).toMillis(),
                        changes,
                        outcome.elapsed().toMillis());
                return outcome;
            } catch (RewriteChangedException e) {
                if (attempt == MAX_CHANGES_MEANWHILE) {
                    throw new LakeException(
                            e.getMessage() + ", " + attempt
                                    + " times; nothing was changed. See who inserts, deletes or compacts all the time, and"
                                    + " try again",
                            e);
                }
                LOG.info("{}. Writing anew what has changed.", e.getMessage());
            }
        }
    }

    private CommitRetry.Outcome<Lease> commit(
            LeasedRun run, Contract layout, Columns columns, RowRewrite rewrite, List<Evolution> evolutions) {
        DatasetTable table = new DatasetTable(session, layout.dataset());
        EvolutionTable record = new EvolutionTable(session, layout.dataset());
        String doing = "dataset '" + layout.dataset() + "': widening columns";
        CommitRetry.Outcome<Lease> outcome = run.commit(
                doing,
                () -> {
                    Lease raised = run.raiseToken();
                    new LeaseTable(session).fence(contract.dataset(), Activity.COMPACT);
                    if (!table.columns().equals(columns.before())) {
                        throw new LakeException("somebody has changed the columns of dataset '" + layout.dataset()
                                + "' while its rows were written anew; nothing was changed. Do it again");
                    }
                    rewrite.exchange(() -> new ChangedColumns(session, table).change(columns.after()));
                    if (!evolutions.isEmpty()) {
                        recordSteps(run, rewrite);
                    }
                    evolutions.forEach(evolution -> record.insert(evolution, run.runId(), clock.instant()));
                    session.execute(
                            DatasetEvolution.MESSAGE,
                            "evolve " + layout.dataset() + ": "
                                    + (evolutions.isEmpty()
                                            ? "as those of '" + contract.dataset() + "' are going to be"
                                            : DatasetEvolution.sentence(evolutions)),
                            DatasetEvolution.info(run, evolutions).toString());
                    return raised;
                },
                () -> hasHappened(run, record, table, columns.after(), evolutions)
                        ? Optional.of(run.reread())
                        : Optional.empty());
        run.raised(outcome.value());
        evolutions.forEach(
                evolution -> LOG.info("dataset '{}': {} (run {})", layout.dataset(), evolution, run.runId()));
        return outcome;
    }

    private static boolean hasHappened(
            LeasedRun run,
            EvolutionTable record,
            DatasetTable table,
            List<LakeColumn> after,
            List<Evolution> evolutions) {
        return evolutions.isEmpty() ? table.columns().equals(after) : record.has(evolutions.get(0), run.runId());
    }

    /** An audit tells by them that the rows are those that were loaded. */
    private void recordSteps(LeasedRun run, RowRewrite rewrite) {
        CompactionSteps steps = new CompactionSteps(session);
        rewrite.groups()
                .forEach(group -> steps.insert(new CompactionStep(
                        group.id(),
                        run.runId(),
                        contract.dataset(),
                        "widen",
                        new CompactionStep.Files(
                                group.size().files(), group.size().bytes()),
                        new CompactionStep.Files(
                                group.after().size(),
                                group.after().stream()
                                        .mapToLong(WrittenFile::bytes)
                                        .sum()),
                        group.rows(),
                        new CompactionStep.ChangedRows(
                                group.before().stream()
                                        .mapToLong(Source::deletedRows)
                                        .sum(),
                                group.before().stream()
                                        .filter(Source::isForeign)
                                        .mapToLong(source -> source.rows() + source.deletedRows())
                                        .sum()),
                        clock.instant(),
                        // It says nothing of how fast a compaction is.
                        Duration.ZERO)));
    }

    private static RewriteSize size(RowRewrite rewrite) {
        return new RewriteSources(
                        0,
                        rewrite.groups().stream()
                                .flatMap(group -> group.before().stream())
                                .toList())
                .size();
    }

    private List<LakeColumn> columns(Contract layout) {
        return new DatasetTable(session, layout.dataset()).columns();
    }

    private List<LakeColumn> columnsAfter(Contract layout, List<ColumnChange> changes) {
        List<LakeColumn> now = columns(layout);
        return ColumnChange.allTo(
                now,
                changes.stream()
                        .filter(change ->
                                now.stream().anyMatch(column -> column.name().equals(change.subject())))
                        .toList());
    }

    private static RewriteSources sources(LakeSession session, Contract layout) {
        return RewriteSources.read(session, new DatasetTable(session, layout.dataset()));
    }
}
