package dev.millrace.compactor;

import dev.millrace.schemas.Contract;
import java.util.Optional;

/** The step of a dataset that knows the columns that it has now. Belongs to its session's thread. */
final class CurrentStep {
    private final CompactEnvironment environment;
    private final Contract contract;
    private final long targetFileBytes;
    private Optional<MergeStep> known = Optional.empty();

    /**
     * @param targetFileBytes of this contract
     */
    CurrentStep(CompactEnvironment environment, Contract contract, long targetFileBytes) {
        this.environment = environment;
        this.contract = contract;
        this.targetFileBytes = targetFileBytes;
    }

    /** The one that was there already, where nothing has changed since: looking at the catalog anew takes as long as the exchange of some files. */
    MergeStep step() {
        MergeStep step = known.filter(MergeStep::isUpToDate)
                .orElseGet(() -> new MergeStep(environment, contract, targetFileBytes));
        known = Optional.of(step);
        return step;
    }
}
