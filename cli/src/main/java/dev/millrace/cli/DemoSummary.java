package dev.millrace.cli;

import dev.millrace.cli.demo.DemoFolder;
import dev.millrace.cli.demo.DemoQuery;
import dev.millrace.cli.demo.DemoReport;
import dev.millrace.cli.pipeline.QueryAnswer;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The end of the demo as people read it: the proof, the files, one query's answer and how to go on. */
record DemoSummary(DemoReport report, DemoFolder folder) {
    void print(PrintStream out) {
        out.println();
        TextTable proof = new TextTable(List.of("proof", "known truth", "staged", "in the ledger", "in the lake", ""));
        for (DemoReport.Dataset dataset : report.datasets()) {
            proof.row(List.of(
                    dataset.dataset() + ", rows",
                    Quantity.count(dataset.rowsExpected()),
                    Quantity.count(dataset.rowsStaged()),
                    Quantity.count(dataset.rowsLedger()),
                    Quantity.count(dataset.rowsLake()),
                    dataset.rowsAgree() ? "ok" : "WRONG"));
            proof.row(List.of(
                    dataset.dataset() + ", sum of " + dataset.sumColumn(),
                    Quantity.count(dataset.sumExpected()),
                    Quantity.count(dataset.sumStaged()),
                    "-",
                    Quantity.count(dataset.sumLake()),
                    dataset.sumsAgree() ? "ok" : "WRONG"));
        }
        proof.print(out);
        out.println();
        TextTable files =
                new TextTable(List.of("files", "staged", "in the lake before compaction", "after compaction"));
        for (DemoReport.Dataset dataset : report.datasets()) {
            files.row(List.of(
                    dataset.dataset(),
                    Quantity.count(dataset.stagedFiles()),
                    Quantity.count(dataset.lakeFilesBefore()),
                    Quantity.count(dataset.lakeFilesAfter())));
        }
        files.print(out);
        out.println();
        out.printf(
                Locale.ROOT,
                "%,d commits, the longest catalog transaction %,d ms; %,d queries by the reader, %,d errors; %.1f s%n",
                report.commits(),
                report.maxCatalogTxMillis(),
                report.readerQueries(),
                report.readerErrors(),
                report.elapsedSeconds());
        out.println();
        QueryAnswer answer = report.answer();
        TextTable result = new TextTable(answer.columns());
        answer.rows().forEach(result::row);
        out.println(DemoQuery.TITLE);
        result.print(out);
        out.println();
        out.println("The same in any DuckDB:");
        out.println();
        folder.attachStatements().forEach(statement -> out.println("  " + statement));
        DemoQuery.SQL.lines().forEach(line -> out.println("  " + line));
        out.println();
        out.println("Look around with:  ./millrace status --config " + folder.configurationFile());
        out.println(
                report.ok() ? "The proof holds." : "THE PROOF DOES NOT HOLD; keep " + folder.folder() + " as it is.");
    }
}
