package dev.millrace.ingester;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;

/** What one run on one dataset works with. */
record IngestTask(
        IngestEnvironment environment,
        IngestSettings settings,
        IngestListener listener,
        Contract contract,
        LeasedRun run) {
    DatasetName dataset() {
        return contract.dataset();
    }

    LakeSession session() {
        return environment.session();
    }

    Clock clock() {
        return environment.terms().clock();
    }

    long targetFileBytes() {
        return settings.targetFileBytes(contract);
    }
}
