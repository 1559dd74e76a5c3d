package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that what every run asks of the pipeline's own tables does not make the engine read the statistics of all lake files. */
@Tag("stand")
class PipelineStatementsTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @TempDir
    Path folder;

    @Test
    void aRunFromItsBeginningToItsEndReadsNoStatisticsOfFiles() {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            session.execute("ALTER TABLE __ducklake_metadata_lake.ducklake_file_column_stats RENAME TO out_of_the_way");
            assertThatThrownBy(
                            () -> session.queryLong("SELECT count(*) FROM lake.millrace.lease WHERE dataset = 'trips'"))
                    .as("what the engine does with a plain condition")
                    .hasMessageContaining("ducklake_file_column_stats");

            LeasedRun run =
                    ((RunStart.Started) LeasedRun.begin(session, LakeTestBed.TRIPS, LakeTestBed.ingestTerms())).run();
            Ledger ledger = new Ledger(session);
            CommitRetry.Outcome<Lease> outcome = run.commit(
                    "loading",
                    () -> {
                        Lease raised = run.raiseToken();
                        ledger.forgetRefused(LakeTestBed.TRIPS, List.of("trips/a.parquet"));
                        ledger.insert(LakeTestBed.TRIPS, "batch", run.runId(), NOW, List.of(entry("trips/a.parquet")));
                        return raised;
                    },
                    () -> ledger.hasBatch(LakeTestBed.TRIPS, "batch") ? Optional.of(run.reread()) : Optional.empty());
            run.raised(outcome.value());
            run.end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());

            assertThat(ledger.hasBatch(LakeTestBed.TRIPS, "batch")).isTrue();
            assertThat(ledger.totals(LakeTestBed.TRIPS).loadedRows()).isEqualTo(7);
            assertThat(ledger.quarantined(LakeTestBed.TRIPS)).isEmpty();
            assertThat(new CompactionSteps(session).has("none")).isFalse();
            assertThat(new CompactionSteps(session).pace()).isEmpty();
            assertThat(new DatasetModes(session).of(LakeTestBed.TRIPS).word()).isEqualTo("append");
            assertThat(new DatasetContract(session, LakeTestBed.tripsContract()).apply())
                    .isEqualTo(DatasetContract.Applied.UNCHANGED);
        }
    }

    private static LedgerEntry entry(String key) {
        return new LedgerEntry(
                LakeTestBed.TRIPS,
                new LedgerEntry.Identity(key, 10, NOW, Optional.empty()),
                7,
                Optional.empty(),
                Optional.empty());
    }
}
