package dev.millrace.cli.runs;

import dev.millrace.lake.RunRecord;
import dev.millrace.schemas.DatasetName;
import java.time.Instant;

/**
 * A run, as it is printed; times are ISO-8601 in UTC.
 *
 * @param parent of which run it is a part; null for none
 * @param dataset null for a parent, and for what is about the whole lake
 * @param endedAt null while it runs
 * @param processGone it is called running, and its process is not there any more: the next run of its kind records that it died
 * @param files staged files of an ingest, lake files of a compaction
 * @param error null unless it failed
 */
public record RunEntry(
        String run,
        String parent,
        String worker,
        String activity,
        String dataset,
        String startedAt,
        String endedAt,
        String outcome,
        boolean processGone,
        long files,
        long rows,
        long bytes,
        long quarantinedFiles,
        long commits,
        long retries,
        long retryWaitMillis,
        String retryReasons,
        String error) {
    public static RunEntry of(RunRecord run) {
        return new RunEntry(
                run.runId(),
                run.parentId().orElse(null),
                run.worker().toString(),
                run.activity(),
                run.dataset().map(DatasetName::toString).orElse(null),
                run.startedAt().toString(),
                run.endedAt().map(Instant::toString).orElse(null),
                run.outcome().word(),
                run.isKnownDead(),
                run.counts().files(),
                run.counts().rows(),
                run.counts().bytes(),
                run.counts().quarantinedFiles(),
                run.counts().commits(),
                run.retries().count(),
                run.retries().waited().toMillis(),
                run.retries().reasons(),
                run.error().orElse(null));
    }
}
