package dev.millrace.lake;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the columns of a dataset: in transactions of their own, metadata only, under the token of the lease for ingests, and recorded
 * with the run that made it. The rows that a wider type takes are written before its transaction.
 *
 * <p>A merge that is under way has written files with the columns as they were, which under new names could be taken for others: its
 * token is raised too, so that it can't commit them. Belongs to its session's thread.
 */
public final class DatasetEvolution {
    private static final String ACTIVITY = "evolve";
    static final String MESSAGE = "CALL lake.set_commit_message('millrace', ?, extra_info => ?)";

    private static final Logger LOG = LoggerFactory.getLogger(DatasetEvolution.class);

    private final LakeSession session;
    private final DatasetName dataset;

    public DatasetEvolution(LakeSession session, DatasetName dataset) {
        this.session = session;
        this.dataset = dataset;
    }

    /** What became of a contract's changes. */
    public sealed interface Result {
        /** They were made; none when there was none to make. */
        record Done(List<ColumnChange> changes) implements Result {}

        /** Another one is ingesting this dataset. */
        record HeldByAnother(RunStart.HeldByAnother by) implements Result {}
    }

    /**
     * Changes the dataset to what its contract says. May be repeated after any interruption.
     *
     * @param terms for activity {@code INGEST}
     * @param place for the rows that have to be written anew
     * @throws LakeException when the contract breaks the dataset; says how, and nothing was changed
     */
    public Result apply(Contract contract, LeasedRun.Terms terms, RewritePlace place) {
        DatasetContract difference = new DatasetContract(session, contract);
        if (difference.steps().isEmpty()) {
            return new Result.Done(List.of());
        }
        RunStart start = LeasedRun.begin(session, dataset, terms, ACTIVITY);
        if (start instanceof RunStart.HeldByAnother held) {
            return new Result.HeldByAnother(held);
        }
        LeasedRun run = ((RunStart.Started) start).run();
        RunCounts counts = RunCounts.NONE;
        try {
            // Only what is there under the lease counts: an ingest may have been at work since the first look.
            List<ColumnChange> changes = new ArrayList<>();
            List<ColumnChange> inPlace = difference.steps().stream()
                    .filter(change -> !(change instanceof ColumnChange.ColumnWidened))
                    .toList();
            if (!inPlace.isEmpty()) {
                commit(run, byContract(inPlace), terms.clock());
                changes.addAll(inPlace);
                counts = counts.plus(RunCounts.ONE_COMMIT);
            }
            List<ColumnChange> widenings = difference.steps();
            if (!widenings.isEmpty()) {
                new ColumnWidening(session, contract, place, terms.clock()).run(run, byContract(widenings), done -> {});
                changes.addAll(widenings);
                counts = counts.plus(RunCounts.ONE_COMMIT);
            }
            run.end(RunOutcome.SUCCEEDED, counts, Optional.empty());
            return new Result.Done(changes);
        } catch (RuntimeException e) {
            run.endAfter(e, counts);
            throw e;
        }
    }

    /** Changes that the contract asks for. */
    public static List<Evolution> byContract(List<ColumnChange> changes) {
        return changes.stream()
                .map(change -> new Evolution(change, Optional.empty()))
                .toList();
    }

    /**
     * Makes changes in one transaction of a run that holds the lease for ingests.
     *
     * @param evolutions none of which takes the rows to be written anew, see {@link ColumnWidening}
     */
    public CommitRetry.Outcome<Lease> commit(LeasedRun run, List<Evolution> evolutions, Clock clock) {
        DatasetTable table = new DatasetTable(session, dataset);
        EvolutionTable record = new EvolutionTable(session, dataset);
        CommitRetry.Outcome<Lease> outcome = run.commit(
                "dataset '" + dataset + "': " + sentence(evolutions),
                () -> {
                    Lease raised = run.raiseToken();
                    new LeaseTable(session).fence(dataset, Activity.COMPACT);
                    evolutions.forEach(evolution -> session.execute(
                            evolution.change().sql(table.sqlName()).orElseThrow()));
                    evolutions.forEach(evolution -> record.insert(evolution, run.runId(), clock.instant()));
                    session.execute(
                            MESSAGE,
                            "evolve " + dataset + ": " + sentence(evolutions),
                            info(run, evolutions).toString());
                    return raised;
                },
                () -> Optional.of(evolutions.get(0))
                        .filter(first -> record.has(first, run.runId()))
                        .map(first -> run.reread()));
        run.raised(outcome.value());
        evolutions.forEach(evolution -> LOG.info("dataset '{}': {} (run {})", dataset, evolution, run.runId()));
        return outcome;
    }

    static String sentence(List<Evolution> evolutions) {
        return evolutions.stream().map(Evolution::toString).collect(Collectors.joining("; "));
    }

    static ObjectNode info(LeasedRun run, List<Evolution> evolutions) {
        ObjectNode info = JsonNodeFactory.instance.objectNode().put("run", run.runId());
        ArrayNode changes = info.putArray("changes");
        for (Evolution evolution : evolutions) {
            ObjectNode change = changes.addObject()
                    .put("change", evolution.change().word())
                    .put("subject", evolution.change().subject());
            evolution.change().type().ifPresent(type -> change.put("type", type));
            evolution.change().formerName().ifPresent(name -> change.put("formerName", name));
            evolution.broughtBy().ifPresent(key -> change.put("broughtBy", key));
        }
        return info;
    }
}
