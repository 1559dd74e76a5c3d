package dev.millrace.bench.concurrency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process has come to, as it tells in a line: from its start on, never less than before.
 *
 * @param tried batches begun by a writer, passes begun by an ingester or a compactor, queries asked by a reader
 * @param done of these, how many succeeded
 * @param failed of these, how many ended with an error
 * @param refused of these, how many gave way to another holder of the lease
 * @param fenced of these, how many were refused at their commit, since another one had taken the lease meanwhile
 * @param retries requests and transactions that were tried once more, as far as the process sees them
 * @param rows rows staged, inserted or committed; for a reader what it counted last
 * @param longestTransactionMillis the longest catalog transaction
 * @param findings what must not be, in sentences; the first few of them
 * @param latencies of what is done, from its begin to its acknowledgement, in microseconds; see {@link Latencies}
 */
record Tally(
        long tried,
        long done,
        long failed,
        long refused,
        long fenced,
        long retries,
        long rows,
        long longestTransactionMillis,
        List<String> findings,
        String latencies) {
    static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0, List.of(), Latencies.NONE);

    private static final int MAX_FINDINGS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    Tally {
        findings = List.copyOf(findings.size() > MAX_FINDINGS ? findings.subList(0, MAX_FINDINGS) : findings);
    }

    Tally plus(Tally other) {
        List<String> both = new ArrayList<>(findings);
        both.addAll(other.findings);
        return new Tally(
                tried + other.tried,
                done + other.done,
                failed + other.failed,
                refused + other.refused,
                fenced + other.fenced,
                retries + other.retries,
                rows + other.rows,
                Math.max(longestTransactionMillis, other.longestTransactionMillis),
                both,
                Latencies.parse(latencies)
                        .plus(Latencies.parse(other.latencies))
                        .toText());
    }

    /** Without the rows: what a reader counted is no sum. */
    Tally withoutRows() {
        return new Tally(
                tried, done, failed, refused, fenced, retries, 0, longestTransactionMillis, findings, latencies);
    }

    Latencies measured() {
        return Latencies.parse(latencies);
    }

    String toText() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Tally parse(String text) throws JsonProcessingException {
        return JSON.readValue(text, Tally.class);
    }
}
