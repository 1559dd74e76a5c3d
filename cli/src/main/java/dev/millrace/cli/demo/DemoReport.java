package dev.millrace.cli.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.millrace.cli.pipeline.QueryAnswer;
import java.util.List;

/** What came of a demo. The numbers at the top level are those of the flights. */
@JsonPropertyOrder({
    "rows_expected",
    "rows_staged",
    "rows_ledger",
    "rows_lake",
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
    "datasets",
    "query"
})
public record DemoReport(
        @JsonProperty("datasets") List<Dataset> datasets,
        @JsonProperty("commits") long commits,
        @JsonProperty("max_catalog_tx_ms") long maxCatalogTxMillis,
        @JsonProperty("reader_queries") long readerQueries,
        @JsonProperty("reader_errors") long readerErrors,
        @JsonProperty("elapsed_s") double elapsedSeconds,
        @JsonProperty("query") QueryAnswer answer) {

    /** One dataset: what is known of it, and what was found at each place. */
    public record Dataset(
            @JsonProperty("dataset") String dataset,
            @JsonProperty("sum_column") String sumColumn,
            @JsonProperty("rows_expected") long rowsExpected,
            @JsonProperty("rows_staged") long rowsStaged,
            @JsonProperty("rows_ledger") long rowsLedger,
            @JsonProperty("rows_lake") long rowsLake,
            @JsonProperty("sum_expected") long sumExpected,
            @JsonProperty("sum_staged") long sumStaged,
            @JsonProperty("sum_lake") long sumLake,
            @JsonProperty("staged_files") long stagedFiles,
            @JsonProperty("lake_files_before") long lakeFilesBefore,
            @JsonProperty("lake_files_after") long lakeFilesAfter) {

        public boolean rowsAgree() {
            return rowsStaged == rowsExpected && rowsLedger == rowsExpected && rowsLake == rowsExpected;
        }

        public boolean sumsAgree() {
            return sumStaged == sumExpected && sumLake == sumExpected;
        }
    }

    public DemoReport {
        datasets = List.copyOf(datasets);
    }

    /** Whether everything is where it belongs, once, and no reader was disturbed. */
    @JsonProperty("ok")
    public boolean ok() {
        return readerErrors == 0 && datasets.stream().allMatch(d -> d.rowsAgree() && d.sumsAgree());
    }

    @JsonProperty("rows_expected")
    long rowsExpected() {
        return flights().rowsExpected();
    }

    @JsonProperty("rows_staged")
    long rowsStaged() {
        return flights().rowsStaged();
    }

    @JsonProperty("rows_ledger")
    long rowsLedger() {
        return flights().rowsLedger();
    }

    @JsonProperty("rows_lake")
    long rowsLake() {
        return flights().rowsLake();
    }

    @JsonProperty("distance_lake")
    long distanceLake() {
        return flights().sumLake();
    }

    @JsonProperty("staged_files")
    long stagedFiles() {
        return flights().stagedFiles();
    }

    @JsonProperty("lake_files_before")
    long lakeFilesBefore() {
        return flights().lakeFilesBefore();
    }

    @JsonProperty("lake_files_after")
    long lakeFilesAfter() {
        return flights().lakeFilesAfter();
    }

    private Dataset flights() {
        return datasets.get(0);
    }
}
