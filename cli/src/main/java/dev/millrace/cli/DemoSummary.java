package dev.millrace.cli;

import dev.millrace.cli.demo.DemoQuery;
import dev.millrace.cli.demo.DemoReport;
import dev.millrace.cli.demo.DemoSite;
import dev.millrace.cli.pipeline.QueryAnswer;
import dev.millrace.cli.text.Quantity;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The end of the demo as people read it: the proof, the files, one query's answer and how to go on. */
record DemoSummary(DemoReport report, DemoSite site) {
    void print(PrintStream out) {
        out.println();
        TextTable proof = new TextTable(List.of("proof", "known truth", "staged", "in the ledger", "in the lake", ""));
        proof.row(List.of(
                "flights",
                Quantity.count(report.rowsExpected()),
                Quantity.count(report.rowsStaged()),
                Quantity.count(report.rowsLedger()),
                Quantity.count(report.rowsLake()),
                report.rowsAgree() ? "ok" : "WRONG"));
        proof.row(List.of(
                "sum of distance",
                Quantity.count(report.distanceExpected()),
                Quantity.count(report.distanceStaged()),
                "-",
                Quantity.count(report.distanceLake()),
                report.distancesAgree() ? "ok" : "WRONG"));
        proof.print(out);
        out.println();
        out.printf(
                Locale.ROOT,
                "%,d staged files became %,d lake files, and %,d after compaction%n",
                report.stagedFiles(),
                report.lakeFilesBefore(),
                report.lakeFilesAfter());
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
        site.attachStatements().forEach(statement -> out.println("  " + statement));
        DemoQuery.SQL.lines().forEach(line -> out.println("  " + line));
        out.println();
        out.println("Look around with:");
        out.println();
        site.lookAround().forEach(command -> out.println("  " + command));
        out.println();
        out.println(
                report.ok()
                        ? "The proof holds."
                        : "THE PROOF DOES NOT HOLD; keep " + site.folder().folder() + " as it is.");
    }
}
