package dev.millrace.bench.concurrency;

import dev.millrace.bench.Machine;
import java.util.Locale;
import java.util.Map;

/** The result of a soak, as Markdown. */
record SoakReport(Machine machine, Mode mode, Setup setup, long seed, Map<Fault, Integer> faults, RunResult result) {
    private static final String FAILED = "**FAILED**";

    String toMarkdown() {
        Tally writers = result.allWriters();
        StringBuilder text = new StringBuilder();
        line(
                text,
                "Soak of %d s, %s: %d producers with batches of %d rows, %d ingesters, a compactor, %d readers; seed %d.",
                setup.duration().toSeconds(),
                mode.word(),
                setup.writers(),
                setup.batchRows(),
                setup.ingesters(),
                setup.readers(),
                seed);
        line(text, "%s%n", machine.description());
        line(text, "| fault | times |%n| --- | ---: |");
        for (Fault fault : Fault.values()) {
            if (mode == Mode.SERVED || !fault.isOfServers()) {
                line(text, "| %s | %d |", fault.description(), faults.getOrDefault(fault, 0));
            }
        }
        line(
                text,
                "%n| | tried | done | failed | gave way | fenced | retries |%n| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        row(text, "batches staged", writers);
        row(text, "ingests", result.ingester());
        row(text, "compactions", result.compactor());
        row(text, "readers' queries", result.reader());
        line(text, "%n| rows | |%n| --- | ---: |");
        line(text, "| acknowledged | %,d |", result.expectedRows());
        line(text, "| in the lake | %,d |", result.lake().rows());
        line(text, "| distinct | %,d |", result.lake().distinctRows());
        line(text, "| by `ducklake_data_file` | %,d |", result.lake().catalogRows());
        line(
                text,
                "%nLongest transaction: %,d ms. Lake files at the end: %,d. Nothing waited any more after %.1f s.%n",
                result.longestTransactionMillis(),
                result.lake().files(),
                result.draining().toMillis() / 1e3);
        if (result.findings().isEmpty()) {
            line(
                    text,
                    "Every acknowledged row is in the lake exactly once, every file that the catalog names is there with its size,"
                            + " nothing was deleted that was not loaded, and no reader saw fewer rows than before.");
        } else {
            line(text, "%s; repeat it with `--seed %d`:%n", FAILED, seed);
            result.findings().forEach(finding -> line(text, "- %s", finding));
        }
        return text.toString();
    }

    private static void row(StringBuilder text, String what, Tally tally) {
        line(
                text,
                "| %s | %,d | %,d | %,d | %,d | %,d | %,d |",
                what,
                tally.tried(),
                tally.done(),
                tally.failed(),
                tally.refused(),
                tally.fenced(),
                tally.retries());
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format + "%n", values));
    }
}
