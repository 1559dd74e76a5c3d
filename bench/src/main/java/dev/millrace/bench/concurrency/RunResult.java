package dev.millrace.bench.concurrency;

import dev.millrace.bench.oracle.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a run has come to.
 *
 * @param way how rows came into the lake
 * @param writing from the common start until the last writer had ended
 * @param draining from then until nothing waited any more
 * @param expectedRows rows that writers were told are safe
 * @param writers of each one what it did
 * @param others of every other role what its processes did
 * @param freshness of what was ingested
 * @param findings what must not be, in sentences
 */
record RunResult(
        Way way,
        Duration writing,
        Duration draining,
        long expectedRows,
        List<Tally> writers,
        Map<Role, Tally> others,
        Freshness freshness,
        LakeState lake,
        List<String> findings) {
    /** How rows come into the lake. */
    enum Way {
        /** Producers stage, an ingester ingests. */
        STAGED,
        /** Every process inserts into DuckLake by itself. */
        DIRECT
    }

    RunResult {
        writers = List.copyOf(writers);
        others = Map.copyOf(others);
        findings = List.copyOf(findings);
    }

    Tally ingester() {
        return others(Role.INGESTER);
    }

    Tally compactor() {
        return others(Role.COMPACTOR);
    }

    Tally reader() {
        return others(Role.READER);
    }

    Tally others(Role role) {
        return others.getOrDefault(role, Tally.NONE);
    }

    Tally allWriters() {
        return writers.stream().reduce(Tally.NONE, Tally::plus);
    }

    long slowestWriter() {
        return writers.stream().mapToLong(Tally::done).min().orElse(0);
    }

    long fastestWriter() {
        return writers.stream().mapToLong(Tally::done).max().orElse(0);
    }

    double batchesASecond() {
        return allWriters().done() / (writing.toMillis() / 1e3);
    }

    long longestTransactionMillis() {
        return Math.max(ingester().longestTransactionMillis(), compactor().longestTransactionMillis());
    }

    /** Whether nothing failed, no row is missing or doubled, and no reader saw what must not be seen. */
    boolean ok() {
        return findings.isEmpty()
                && allWriters().failed() == 0
                && others.values().stream().allMatch(tally -> tally.failed() == 0);
    }

    /** What a staged run and its oracle have found. */
    static List<String> findings(Verdict verdict, LakeState lake, Collection<Tally> tallies) {
        List<String> findings = new ArrayList<>(verdict.findings());
        if (verdict.waiting() > 0) {
            findings.add(verdict.waiting() + " rows still wait after the last ingest");
        }
        if (lake.catalogRows() != lake.rows() || lake.distinctRows() != lake.rows()) {
            findings.add("the catalog's data files have " + lake.catalogRows() + " rows, " + lake.rows() + " are read, "
                    + lake.distinctRows() + " of them distinct");
        }
        for (Tally tally : tallies) {
            findings.addAll(tally.findings());
        }
        return findings;
    }

    /** What became of direct writes. */
    static List<String> findings(Tally writers, LakeState lake, Tally reader) {
        List<String> findings = new ArrayList<>(reader.findings());
        if (lake.distinctRows() < lake.rows()) {
            findings.add(lake.rows() - lake.distinctRows() + " rows are doubled");
        }
        if (lake.distinctRows() < writers.rows()) {
            findings.add(writers.rows() - lake.distinctRows() + " rows that were told written are not there");
        } else if (lake.distinctRows() > writers.rows()) {
            findings.add(lake.distinctRows() - writers.rows() + " rows are there of writes that were told failed");
        }
        return findings;
    }
}
