package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves what is said of the work of the pipeline: leases, waiting and refused files, contracts without tables. */
@Tag("slow")
class DoctorOfWorkTest {
    @TempDir
    Path folder;

    private ExaminedLake lake;

    @BeforeEach
    void makeALake() throws IOException {
        lake = ExaminedLake.make(folder);
    }

    @Test
    void aLeaseThatHasExpiredIsAWarning() throws IOException {
        HeldLease.hold(folder, "trips");
        lake.doctor().assertFinding("work", "leases", "ok", "1 lease held", "trips, ingest", "expires in");
        Diagnosed diagnosed = lake.doctor(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(10)));
        diagnosed.assertVerdict("degraded", ExitCode.DEGRADED);
        diagnosed.assertFinding("work", "leases", "warning", "by runs that died", "expired", "takes it over");
    }

    @Test
    void filesThatWaitForLongAreAWarning() throws IOException {
        lake.stage("till-2");
        lake.doctor().assertFinding("work", "backlog", "ok", "1 file", "trips");
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));
        Diagnosed diagnosed = lake.doctor(later);
        diagnosed.assertVerdict("degraded", ExitCode.DEGRADED);
        diagnosed.assertFinding(
                "work", "backlog", "warning", "1 file", "2h 0m", "more than 10m 30s", "millrace ingest");
        lake.doctor(later, "--max-wait", "3h").assertFinding("work", "backlog", "ok", "1 file");
    }

    @Test
    void refusedFilesAreAWarningUntilTheyAreDeleted() throws IOException {
        Path file = folder.resolve("staging/trips/stranger/list.parquet");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "this is a shopping list");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(lake.run("ingest").exitCode()).isZero();
        Diagnosed diagnosed = lake.doctor();
        diagnosed.assertVerdict("degraded", ExitCode.DEGRADED);
        diagnosed.assertFinding("work", "quarantine", "warning", "1 refused file", "list.parquet (not-parquet)");
        Files.delete(file);
        lake.doctor().assertFinding("work", "quarantine", "ok", "1 refused file, none of them left");
    }

    @Test
    void contractsAndTablesThatDoNotMatch() throws IOException {
        lake.contract("rides");
        Diagnosed diagnosed = lake.doctor();
        diagnosed.assertVerdict("degraded", ExitCode.DEGRADED);
        diagnosed.assertFinding("lake", "contracts", "warning", "rides", "has no table yet", "millrace init");
        try (LakeSession session = lake.session()) {
            session.execute("CREATE TABLE lake.notes AS SELECT 'of an analyst' AS note");
        }
        assertThat(lake.run("init").exitCode()).isZero();
        Diagnosed withAForeignTable = lake.doctor();
        withAForeignTable.assertFinding("lake", "contracts", "ok", "2 contracts");
        withAForeignTable.assertFinding("lake", "tables", "ok", "main.notes", "1 row in 0 files");
    }

    @Test
    void datasetsCanBeChosen() throws IOException {
        lake.contract("rides");
        assertThat(lake.run("init").exitCode()).isZero();
        Diagnosed diagnosed = lake.doctor("rides");
        assertThat(diagnosed.check("lake", "tables").toString())
                .contains("main.rides")
                .doesNotContain("main.trips");
        assertThat(diagnosed.check("work", "last runs").toString()).doesNotContain("trips");
        CommandRun unknown = lake.run("doctor", "nothing");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(unknown.err()).contains("there is no dataset 'nothing'");
        assertThat(lake.run("doctor", "--max-wait", "soon").exitCode()).isEqualTo(ExitCode.USAGE.code());
    }
}
