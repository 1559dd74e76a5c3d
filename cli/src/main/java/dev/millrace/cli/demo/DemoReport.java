package dev.millrace.cli.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.millrace.cli.pipeline.QueryAnswer;

/** What came of a demo: the flights counted at each place, and what the work was like. */
@JsonPropertyOrder({
    "rows_expected",
    "rows_staged",
    "rows_ledger",
    "rows_lake",
    "distance_expected",
    "distance_staged",
    "distance_lake",
    "staged_files",
    "lake_files_before",
    "lake_files_after",
    "commits",
    "max_catalog_tx_ms",
    "reader_queries",
    "reader_errors",
    "elapsed_s",
    "ok",
    "query"
})
public record DemoReport(
        @JsonProperty("rows_expected") long rowsExpected,
        @JsonProperty("rows_staged") long rowsStaged,
        @JsonProperty("rows_ledger") long rowsLedger,
        @JsonProperty("rows_lake") long rowsLake,
        @JsonProperty("distance_expected") long distanceExpected,
        @JsonProperty("distance_staged") long distanceStaged,
        @JsonProperty("distance_lake") long distanceLake,
        @JsonProperty("staged_files") long stagedFiles,
        @JsonProperty("lake_files_before") long lakeFilesBefore,
        @JsonProperty("lake_files_after") long lakeFilesAfter,
        @JsonProperty("commits") long commits,
        @JsonProperty("max_catalog_tx_ms") long maxCatalogTxMillis,
        @JsonProperty("reader_queries") long readerQueries,
        @JsonProperty("reader_errors") long readerErrors,
        @JsonProperty("elapsed_s") double elapsedSeconds,
        @JsonProperty("query") QueryAnswer answer) {

    public boolean rowsAgree() {
        return rowsStaged == rowsExpected && rowsLedger == rowsExpected && rowsLake == rowsExpected;
    }

    public boolean distancesAgree() {
        return distanceStaged == distanceExpected && distanceLake == distanceExpected;
    }

    /** Whether every flight is where it belongs, once, and no reader was disturbed. */
    @JsonProperty("ok")
    public boolean ok() {
        return readerErrors == 0 && rowsAgree() && distancesAgree();
    }
}
