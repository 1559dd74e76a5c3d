package dev.millrace.cli.demo;

import dev.millrace.ingester.IngestListener;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What has happened so far, counted by many threads for the view. Safe for many threads. */
final class DemoCounts implements IngestListener {
    private final LongAdder stagedRows = new LongAdder();
    private final LongAdder stagedDistance = new LongAdder();
    private final LongAdder stagedFiles = new LongAdder();
    private final LongAdder lakeRows = new LongAdder();
    private final LongAdder lakeFiles = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private final AtomicLong longestTransactionMillis = new AtomicLong();

    /** Counts a published file. */
    void staged(long rows, long distance) {
        stagedRows.add(rows);
        stagedDistance.add(distance);
        stagedFiles.increment();
    }

    /** Counts what an earlier demo had brought into the lake. */
    void alreadyInLake(long rows, long files) {
        lakeRows.add(rows);
        lakeFiles.add(files);
    }

    /** Counts the files that a compaction has left. */
    void merged(long filesBefore, long filesAfter) {
        lakeFiles.add(filesAfter - filesBefore);
    }

    /** Counts transactions that are not an ingest's. */
    void transactions(long count, Duration longest) {
        commits.add(count);
        longestTransactionMillis.accumulateAndGet(longest.toMillis(), Math::max);
    }

    @Override
    public void written(DatasetName dataset, String batchId, int stagedFileCount, int lakeFileCount, long rows) {
        lakeFiles.add(lakeFileCount);
    }

    @Override
    public void committed(DatasetName dataset, String batchId, long rows, Duration transaction) {
        lakeRows.add(rows);
        transactions(1, transaction);
    }

    long stagedRows() {
        return stagedRows.sum();
    }

    long stagedDistance() {
        return stagedDistance.sum();
    }

    long stagedFiles() {
        return stagedFiles.sum();
    }

    long lakeRows() {
        return lakeRows.sum();
    }

    long lakeFiles() {
        return lakeFiles.sum();
    }

    long commits() {
        return commits.sum();
    }

    long longestTransactionMillis() {
        return longestTransactionMillis.get();
    }
}
