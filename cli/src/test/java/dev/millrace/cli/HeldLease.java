package dev.millrace.cli;

import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.DatasetName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** Takes the ingest lease of a dataset, as a run of another process would. */
final class HeldLease {
    private HeldLease() {}

    static void hold(Path folder, String dataset) {
        try (LakeSession session = LakeStand.open(folder, SessionOptions.Access.WRITE)) {
            LeasedRun.begin(
                    session,
                    DatasetName.parse(dataset),
                    new LeasedRun.Terms(
                            Activity.INGEST,
                            Worker.current(),
                            Duration.ofMinutes(5),
                            Clock.systemUTC(),
                            CommitRetry.STANDARD));
        }
    }
}
