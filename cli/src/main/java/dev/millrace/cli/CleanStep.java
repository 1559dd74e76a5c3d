package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.compactor.SnapshotExpiry;
import dev.millrace.ingester.StagingSweep;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.RunCounts;
import dev.millrace.schemas.DatasetName;
import java.util.List;
import java.util.Optional;

/** The step of a compaction that forgets snapshots and deletes what nobody needs: a run for the lake and one for each staging prefix. */
final class CleanStep {
    /** What has gone. */
    record Cleaned(long snapshots, long lakeFiles, long stagedFiles) {
        static final Cleaned NOTHING = new Cleaned(0, 0, 0);

        private Cleaned plus(long moreStagedFiles) {
            return new Cleaned(snapshots, lakeFiles, stagedFiles + moreStagedFiles);
        }
    }

    private final Workspace workspace;
    private final LakeSession session;
    private final Execution execution;
    private Cleaned cleaned = Cleaned.NOTHING;

    CleanStep(Workspace workspace, LakeSession session, Execution execution) {
        this.workspace = workspace;
        this.session = session;
        this.execution = execution;
    }

    Cleaned run(List<DatasetName> datasets) {
        execution.run(session, "expire", Optional.empty(), () -> expire(datasets));
        StagingSweep sweep = workspace.operations().sweep(session);
        for (DatasetName dataset : datasets) {
            execution.run(session, "sweep", Optional.of(dataset), () -> sweep(sweep, dataset));
        }
        return cleaned;
    }

    private RunCounts expire(List<DatasetName> datasets) {
        SnapshotExpiry.Expired expired = workspace.operations().expiry(session).run(datasets);
        cleaned = new Cleaned(expired.snapshots(), expired.files(), 0);
        return new RunCounts(expired.files(), 0, 0, 0, expired.snapshots());
    }

    private RunCounts sweep(StagingSweep sweep, DatasetName dataset) {
        long swept = sweep.run(dataset);
        cleaned = cleaned.plus(swept);
        return new RunCounts(swept, 0, 0, 0, 0);
    }
}
