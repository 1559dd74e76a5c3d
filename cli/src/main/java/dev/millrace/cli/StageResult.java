package dev.millrace.cli;

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
        out.printf(
                Locale.ROOT,
                "staged %,d %s in %d %s%n",
                rows,
                rows == 1 ? "row" : "rows",
                files.size(),
                files.size() == 1 ? "file" : "files");
        for (File file : files) {
            out.printf(
                    Locale.ROOT,
                    "  %s  %,d rows  %,d bytes%s%n",
                    file.key(),
                    file.rows(),
                    file.sizeBytes(),
                    file.alreadyThere() ? "  (was staged before)" : "");
        }
    }
}
