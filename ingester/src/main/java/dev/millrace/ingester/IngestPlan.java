package dev.millrace.ingester;

import dev.millrace.schemas.DatasetName;
import java.util.List;

/** What an ingest would do now. */
public record IngestPlan(
        DatasetName dataset,
        Backlog backlog,
        List<PlannedBatch> batches,
        List<RefusedFile> refused,
        long unsettledFiles) {
    public IngestPlan {
        batches = List.copyOf(batches);
        refused = List.copyOf(refused);
    }

    /** A file that would be quarantined. */
    public record RefusedFile(String stagedKey, String reason, String message) {}
}
