package dev.millrace.cli.runs;

import dev.millrace.lake.CompactionStep;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.RunRecord;
import dev.millrace.lake.RunSearch;
import java.util.List;

/**
 * Everything that the lake knows of one run, as it is printed.
 *
 * @param children the runs that it is the parent of
 * @param batches of an ingest, by the ledger; a staged file that was decided on anew since then is in the batch of its last decision
 * @param steps of a compaction
 * @param snapshots that it has made and that have not expired, with their messages: added columns are among them
 */
public record RunDetails(
        RunEntry run, List<RunEntry> children, List<Batch> batches, List<Step> steps, List<Snapshot> snapshots) {
    /** Staged files of a batch with one status. */
    public record Batch(String batch, String status, long files, long rows, long stagedBytes, String decidedAt) {}

    /** One exchange of lake files. */
    public record Step(
            String step,
            String action,
            long filesBefore,
            long filesAfter,
            long bytesBefore,
            long bytesAfter,
            long rows,
            long deletedRows,
            long foreignRows,
            String committedAt,
            long millis) {
        private static Step of(CompactionStep step) {
            return new Step(
                    step.stepId(),
                    step.action(),
                    step.before().count(),
                    step.after().count(),
                    step.before().bytes(),
                    step.after().bytes(),
                    step.rows(),
                    step.byOthers().deleted(),
                    step.byOthers().foreign(),
                    step.committedAt().toString(),
                    step.elapsed().toMillis());
        }
    }

    /** A snapshot and what was said when it was made. */
    public record Snapshot(long snapshot, String message) {}

    public static RunDetails read(LakeSession session, RunRecord run) {
        RunSearch search = new RunSearch(session);
        return new RunDetails(
                RunEntry.of(run),
                search.children(run.runId()).stream().map(RunEntry::of).toList(),
                search.batches(run.runId()).stream()
                        .map(b -> new Batch(
                                b.batchId(),
                                b.status(),
                                b.files(),
                                b.rows(),
                                b.bytes(),
                                b.decidedAt().toString()))
                        .toList(),
                search.steps(run.runId()).stream().map(Step::of).toList(),
                search.snapshots(run.runId()).stream()
                        .map(s -> new Snapshot(s.snapshot(), s.message()))
                        .toList());
    }
}
