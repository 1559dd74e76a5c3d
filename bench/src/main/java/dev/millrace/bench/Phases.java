package dev.millrace.bench;

import dev.millrace.ingester.Backlog;
import dev.millrace.ingester.IngestListener;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the parts of an ingest take, summed over its batches. */
final class Phases implements IngestListener {
    private final Map<String, Duration> durations = new LinkedHashMap<>();
    private long last = System.nanoTime();

    @Override
    public void listed(DatasetName dataset, Backlog backlog) {
        lap("list");
    }

    @Override
    public void scanned(DatasetName dataset, Backlog backlog) {
        lap("lease");
    }

    @Override
    public void inspected(DatasetName dataset, int stagedFiles) {
        lap("inspect");
    }

    @Override
    public void written(DatasetName dataset, String batchId, int stagedFiles, int lakeFiles, long rows) {
        lap("write");
    }

    @Override
    public void committed(DatasetName dataset, String batchId, long rows, Duration transaction) {
        lap("commit");
    }

    Map<String, Duration> end() {
        lap("end");
        return durations;
    }

    private void lap(String phase) {
        long now = System.nanoTime();
        durations.merge(phase, Duration.ofNanos(now - last), Duration::plus);
        last = now;
    }
}
