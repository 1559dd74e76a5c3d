package dev.millrace.bench.concurrency;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds up what this process does. Thread-safe: its task adds, another thread tells. */
final class Account {
    private static final Logger LOG = LoggerFactory.getLogger(Account.class);
    private static final int MAX_FINDINGS = 20;

    private final Latencies latencies = new Latencies();
    private final List<String> findings = new ArrayList<>();
    private long tried;
    private long done;
    private long failed;
    private long refused;
    private long fenced;
    private long retries;
    private long rows;
    private long longestTransactionMillis;

    synchronized void begun() {
        tried++;
    }

    synchronized void done(Duration latency) {
        done++;
        latencies.add(latency);
    }

    synchronized void failed(RuntimeException cause) {
        failed++;
        LOG.warn("failed", cause);
    }

    synchronized void refused() {
        refused++;
    }

    synchronized void fenced() {
        fenced++;
    }

    synchronized void retried(long times) {
        retries += times;
    }

    synchronized void addRows(long more) {
        rows += more;
    }

    synchronized void setRows(long now) {
        rows = now;
    }

    synchronized void transaction(Duration length) {
        longestTransactionMillis = Math.max(longestTransactionMillis, length.toMillis());
    }

    synchronized void found(String finding) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(finding);
        }
        LOG.error("{}", finding);
    }

    synchronized Tally tally() {
        return new Tally(
                tried,
                done,
                failed,
                refused,
                fenced,
                retries,
                rows,
                longestTransactionMillis,
                findings,
                latencies.toText());
    }
}
