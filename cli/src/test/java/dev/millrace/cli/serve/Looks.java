package dev.millrace.cli.serve;

import dev.millrace.ingester.Backlog;
import dev.millrace.lake.Activity;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.HeldLease;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A look with something of each kind in it, for tests of what is made of one. */
final class Looks {
    static final Instant AT = Instant.parse("2026-11-25T10:00:00Z");
    static final String EVIL = "<script>alert('\"&')</script>";

    private Looks() {}

    static Look full() {
        Look.Quarantine quarantine = new Look.Quarantine(
                Map.of("not-parquet", 2L), List.of(new Look.RefusedFile("trips/x/0.parquet", "not-parquet", EVIL, AT)));
        Look.Dataset trips = new Look.Dataset(
                "trips",
                new DatasetTable.Size(1_234_567, 12, 3_400_000),
                new Look.FileSizes(8, 3, 1, 0, 0),
                new Backlog(7, 7_000, Optional.of(AT.minusSeconds(90))),
                quarantine,
                Optional.of(AT.minusSeconds(30)),
                new Look.Merge(8, 2_000_000));
        return new Look(
                AT,
                Duration.ofMillis(200),
                List.of(trips),
                List.of(new HeldLease(
                        DatasetName.parse("trips"),
                        Activity.INGEST,
                        Worker.current(),
                        AT.minusSeconds(60),
                        AT.plusSeconds(240),
                        0)),
                List.of(
                        run("1", "ingest", AT.minusSeconds(60), "succeeded", 100, Optional.empty()),
                        run("2", "compact", AT.minusSeconds(200), "failed", 0, Optional.of(EVIL)),
                        run("3", "ingest", AT.minusSeconds(600), "succeeded", 50, Optional.empty())),
                new Look.Snapshots(
                        3, Optional.of(AT.minusSeconds(900)), List.of(new Look.Snapshot(3, AT, "millrace", EVIL))),
                4,
                List.of(new Look.Disk("/srv/lake", 40_000_000_000L, 100_000_000_000L)));
    }

    private static Look.Run run(
            String id, String activity, Instant started, String outcome, long rows, Optional<String> error) {
        return new Look.Run(
                id, activity, "trips", started, Optional.of(started.plusSeconds(2)), outcome, 3, rows, error);
    }
}
