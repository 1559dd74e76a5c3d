package dev.millrace.cli;

import dev.millrace.cli.text.Quantity;
import dev.millrace.staging.StagedFile;
import dev.millrace.storage.PutOutcome;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** What {@code stage} did, as it is printed. */
record StageResult(String dataset, long rows, List<File> files) {
    /** {@code alreadyThere}: an earlier run of the same command with the same id had staged it. */
    record File(String key, long rows, long sizeBytes, boolean alreadyThere) {}

    static StageResult of(String dataset, List<StagedFile> staged) {
        List<File> files = staged.stream()
                .map(f ->
                        new File(f.key().toString(), f.rows(), f.sizeBytes(), f.outcome() == PutOutcome.ALREADY_THERE))
                .toList();
        return new StageResult(dataset, files.stream().mapToLong(File::rows).sum(), files);
    }

    void print(PrintStream out) {
        if (files.isEmpty()) {
            out.println("no rows, nothing staged");
            return;
        }
        out.println("staged " + Quantity.of(rows, "row") + " in " + Quantity.of(files.size(), "file"));
        for (File file : files) {
            out.printf(
                    Locale.ROOT,
                    "  %s  %s  %,d bytes%s%n",
                    file.key(),
                    Quantity.of(file.rows(), "row"),
                    file.sizeBytes(),
                    file.alreadyThere() ? "  (was staged before)" : "");
        }
    }
}
