package dev.millrace.compactor;

import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.RunStart;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges the small files of a dataset.
 *
 * <p>Not thread-safe; uses its session's thread. May be killed at any moment: each step is a transaction of its own, and
 * the next compaction goes on where this one was.
 */
public final class Compactor {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    /** Keeps the transaction of a step of small files well below a quarter of a second (measured: 2 ms an output). */
    private static final int OUTPUT_FILES_A_STEP = 8;

    /** The engine counts files that it looks at and leaves alone, so a step that merged nothing looks further. */
    private static final int LOOK_FURTHER_FACTOR = 8;

    private static final String TARGET_OPTION = """
            CALL lake.set_option('target_file_size', %s, schema => %s, table_name => %s)
            """;
    private static final String TARGET_IS_SET = """
            SELECT count(*) FROM lake.options()
            WHERE option_name = 'target_file_size' AND scope = 'TABLE' AND scope_entry = ? AND value = ?
            """;

    private final LakeSession session;
    private final CompactSettings settings;
    private final LeasedRun.Terms terms;

    /** @param terms for activity {@code COMPACT} */
    public Compactor(LakeSession session, CompactSettings settings, LeasedRun.Terms terms) {
        this.session = session;
        this.settings = settings;
        this.terms = terms;
    }

    /** The merges that {@link #compact} would make now. */
    public List<PlannedMerge> plan(DatasetName dataset) {
        return new MergePlanner(settings.targetFileBytes())
                .plan(new LakeInspection(session).partitions(dataset, settings.targetFileBytes()));
    }

    /**
     * Merges what is worth it.
     *
     * @throws RowCountException when a step would have changed the number of rows
     * @throws dev.millrace.lake.LakeException when the lake refuses; the steps before stay, the run is recorded as failed
     */
    public CompactResult compact(DatasetName dataset) {
        DatasetTable table = new DatasetTable(session, dataset);
        DatasetTable.Size before = table.size();
        if (plan(dataset).isEmpty()) {
            return done(dataset, Optional.empty(), before, before, RunCounts.NONE, Duration.ZERO);
        }
        RunStart start = LeasedRun.begin(session, dataset, terms);
        if (start instanceof RunStart.HeldByAnother held) {
            return new CompactResult.HeldByAnother(dataset, held.holder(), held.since(), held.until());
        }
        LeasedRun run = ((RunStart.Started) start).run();
        Steps steps = new Steps(dataset, run);
        try {
            requireTargetOption(dataset);
            steps.runAll();
            DatasetTable.Size after = table.size();
            run.end(RunOutcome.SUCCEEDED, steps.counts, Optional.empty());
            return done(dataset, Optional.of(run.runId()), before, after, steps.counts, steps.longest);
        } catch (RuntimeException e) {
            run.endAfter(e, steps.counts);
            throw e;
        }
    }

    /** The steps of one compaction and what they have come to. */
    private final class Steps {
        private final DatasetName dataset;
        private final LeasedRun run;
        private RunCounts counts = RunCounts.NONE;
        private Duration longest = Duration.ZERO;

        Steps(DatasetName dataset, LeasedRun run) {
            this.dataset = dataset;
            this.run = run;
        }

        void runAll() {
            MergeStep step = new MergeStep(session, dataset, terms.retry());
            int maxOutputFiles = OUTPUT_FILES_A_STEP;
            long inputs = plannedInputs();
            while (inputs > 0) {
                run.renewIfDue();
                CommitRetry.Outcome<MergeStep.Merged> outcome = step.run(run, maxOutputFiles);
                long merged = outcome.value().inputFiles();
                counts = counts.plus(new RunCounts(merged, 0, 0, 0, 1, outcome.retries()));
                if (outcome.elapsed().compareTo(longest) > 0) {
                    longest = outcome.elapsed();
                }
                long left = plannedInputs();
                if (left < inputs) {
                    maxOutputFiles = OUTPUT_FILES_A_STEP;
                } else if (maxOutputFiles < left) {
                    maxOutputFiles *= LOOK_FURTHER_FACTOR;
                } else {
                    LOG.info("dataset '{}': the engine leaves {} mergeable files as they are", dataset, left);
                    return;
                }
                inputs = left;
            }
        }

        private long plannedInputs() {
            return plan(dataset).stream().mapToLong(PlannedMerge::inputFiles).sum();
        }
    }

    private void requireTargetOption(DatasetName dataset) {
        String target = Long.toString(settings.targetFileBytes());
        String scope = dataset.schema() + "." + dataset.table();
        if (session.queryLong(TARGET_IS_SET, scope, target) == 0) {
            session.execute(TARGET_OPTION.formatted(
                    SqlText.literal(target + "B"),
                    SqlText.literal(dataset.schema()),
                    SqlText.literal(dataset.table())));
            // Options are read when the lake is attached.
            session.reconnect();
        }
    }

    private static CompactResult.Done done(
            DatasetName dataset,
            Optional<String> runId,
            DatasetTable.Size before,
            DatasetTable.Size after,
            RunCounts counts,
            Duration longest) {
        return new CompactResult.Done(
                dataset,
                runId,
                after.rows(),
                before.files(),
                after.files(),
                before.bytes(),
                after.bytes(),
                counts.commits(),
                longest);
    }
}
