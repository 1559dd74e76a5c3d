package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.compactor.OrphanRemoval;
import dev.millrace.compactor.OrphanSettings;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import java.util.Optional;

/** The last step of a compaction: the orphans, when they have not been looked for a short while ago or a share was given. */
final class OrphanStep {
    private final LakeSession session;
    private final OrphanRemoval removal;
    private final boolean isAsked;

    /**
     * @param share the percentage that was given for once
     * @param execution that a removal is a run of
     */
    OrphanStep(Workspace workspace, LakeSession session, Optional<Integer> share, Optional<Execution> execution) {
        OrphanSettings configured = workspace.operations().orphanSettings();
        this.session = session;
        this.removal = workspace
                .operations()
                .orphanRemoval(
                        session, share.map(configured::withMaxSharePercent).orElse(configured), execution);
        this.isAsked = share.isPresent();
    }

    OrphanReport run() {
        return removal.notBefore()
                .filter(next -> !isAsked)
                .map(OrphanReport::notBefore)
                .orElseGet(() -> OrphanReport.of(removal.run()));
    }

    /** What {@link #run} would do now. */
    OrphanReport plan() {
        return removal.notBefore()
                .filter(next -> !isAsked)
                .map(OrphanReport::notBefore)
                .orElseGet(() -> OrphanReport.of(removal.plan(), OrphanRemoval.lake(session)));
    }
}
