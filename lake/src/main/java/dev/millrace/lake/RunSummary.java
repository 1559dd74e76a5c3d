package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.util.Optional;

/** What an execution keeps of a run that has ended. */
record RunSummary(
        String activity, Optional<DatasetName> dataset, RunOutcome outcome, RunCounts counts, Optional<String> error) {
    static RunSummary of(UnleasedRun run) {
        return new RunSummary(run.activity(), run.dataset(), run.outcome(), run.counts(), run.error());
    }
}
