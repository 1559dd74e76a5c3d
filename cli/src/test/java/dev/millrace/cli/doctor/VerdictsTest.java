package dev.millrace.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cli.log.SecretValues;
import dev.millrace.ingester.Backlog;
import dev.millrace.lake.Activity;
import dev.millrace.lake.HeldLease;
import dev.millrace.lake.Worker;
import dev.millrace.lake.engine.InstalledEngine;
import dev.millrace.schemas.DatasetName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves the thresholds: from where on something that was seen is a warning or a failure. */
class VerdictsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final DatasetName TRIPS = DatasetName.parse("trips");
    private static final Path PLACE = Path.of("/srv/lake");

    @ParameterizedTest
    @CsvSource({
        "0, OK, less than 1 s",
        "4, OK, the object store is 4s ahead",
        "-4, OK, the object store is 4s behind",
        "5, WARNING, 5s ahead",
        "-899, WARNING, 14m 59s behind",
        "900, FAILED, 15m 0s ahead",
        "-86400, FAILED, 1d 0h behind"
    })
    void clocks(long aheadSeconds, Status status, String words) {
        Finding finding = ClockVerdict.of(Duration.ofSeconds(aheadSeconds), "the object store");
        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.seen()).contains(words);
    }

    @ParameterizedTest
    @CsvSource({"100, OK", "11, OK", "10, OK", "9, WARNING", "1, WARNING", "0, FAILED"})
    void disks(long freePercent, Status status) {
        DiskVerdict.Disk disk = new DiskVerdict.Disk("/dev/sda1", List.of(PLACE), freePercent, 100 - freePercent);
        Finding finding = DiskVerdict.of(List.of(disk, new DiskVerdict.Disk("/dev/sdb1", List.of(PLACE), 100, 0)));
        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.seen()).contains(freePercent + " %");
        assertThat(finding.items()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"0, OK", "630, OK", "631, WARNING"})
    void waitingFiles(long ageSeconds, Status status) {
        Duration warnAfter = BacklogVerdict.standardWarnAfter(Duration.ofMinutes(5), Duration.ofSeconds(30));
        Finding finding = BacklogVerdict.of(
                List.of(
                        new BacklogVerdict.Waiting(
                                TRIPS, new Backlog(2, 2_000, Optional.of(NOW.minusSeconds(ageSeconds)))),
                        new BacklogVerdict.Waiting(DatasetName.parse("idle"), new Backlog(0, 0, Optional.empty()))),
                warnAfter,
                NOW);
        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.seen()).startsWith("2 files (2.0 kB) waiting");
        assertThat(finding.items()).singleElement().satisfies(item -> {
            assertThat(item.subject()).isEqualTo("trips");
            assertThat(item.numbers()).containsEntry("oldestSeconds", ageSeconds);
        });
    }

    @Test
    void noWaitingFiles() {
        assertThat(BacklogVerdict.of(List.of(), Duration.ofMinutes(1), NOW)).isEqualTo(Finding.ok("nothing waits"));
    }

    private static LeaseVerdict.Held held(Duration expiresIn, boolean isDead) {
        Worker worker = new Worker("mill", 7, UUID.fromString("00000000-0000-0000-0000-000000000000"));
        return new LeaseVerdict.Held(
                new HeldLease(TRIPS, Activity.INGEST, worker, NOW.minusSeconds(90), NOW.plus(expiresIn), 0), isDead);
    }

    @Test
    void leases() {
        assertThat(LeaseVerdict.of(List.of(), NOW).status()).isEqualTo(Status.OK);
        Finding live = LeaseVerdict.of(List.of(held(Duration.ofMinutes(5), false)), NOW);
        assertThat(live.status()).isEqualTo(Status.OK);
        assertThat(live.items().get(0).seen())
                .isEqualTo("held by mill-7-00000000-0000-0000-0000-000000000000 for 1m 30s, expires in 5m 0s");
        Finding dead = LeaseVerdict.of(List.of(held(Duration.ofMinutes(5), true)), NOW);
        assertThat(dead.status()).isEqualTo(Status.WARNING);
        assertThat(dead.items().get(0).seen()).endsWith("its process is gone");
        Finding expired = LeaseVerdict.of(List.of(held(Duration.ZERO, false)), NOW);
        assertThat(expired.status()).isEqualTo(Status.WARNING);
        assertThat(expired.seen()).isEqualTo("1 lease held, 1 of them by runs that died");
    }

    @ParameterizedTest
    @CsvSource({"succeeded, OK", "running, OK", "fenced, OK", "failed, WARNING", "died, WARNING"})
    void runs(String outcome, Status status) {
        RunVerdict.LastRun run =
                new RunVerdict.LastRun(TRIPS, "ingest", outcome, NOW.minusSeconds(60), Optional.of("disk\nfull"));
        Finding finding = RunVerdict.of(List.of(run), NOW);
        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.items().get(0).seen()).isEqualTo(outcome + ", begun 1m 0s ago: disk full");
    }

    private static Finding orphans(Optional<String> error) {
        return OrphanVerdict.of(Optional.of(new OrphanVerdict.Removal(NOW.minusSeconds(60), 2, 2_000, error)), NOW);
    }

    @Test
    void orphansThatWereRefusedAreAWarning() {
        assertThat(OrphanVerdict.of(Optional.empty(), NOW)).isEqualTo(Finding.ok("not looked for yet"));
        assertThat(orphans(Optional.empty())).isEqualTo(Finding.ok("looked for 1m 0s ago: 2 orphans (2.0 kB) deleted"));
        Finding refused = orphans(Optional.of("no orphan was deleted: 101 of 102 lake files would go"));
        assertThat(refused.status()).isEqualTo(Status.WARNING);
        assertThat(refused.seen())
                .isEqualTo("looked for 1m 0s ago: no orphan was deleted: 101 of 102 lake files would go");
        assertThat(refused.remedy().orElseThrow()).contains("docs/operations.md");
    }

    @Test
    void refusedFilesAreSettledWhenTheyAreGone() {
        assertThat(QuarantineVerdict.of(0, List.of()).seen()).isEqualTo("no file was refused");
        assertThat(QuarantineVerdict.of(3, List.of()).status()).isEqualTo(Status.OK);
        Finding finding = QuarantineVerdict.of(
                3, List.of(new QuarantineVerdict.Refused(TRIPS, 2, "trips/a/list.parquet", "not-parquet")));
        assertThat(finding.status()).isEqualTo(Status.WARNING);
        assertThat(finding.items().get(0).seen()).contains("2 files", "trips/a/list.parquet (not-parquet)");
    }

    @Test
    void contracts() {
        assertThat(coverage(Set.of(), Map.of(), Set.of()).status()).isEqualTo(Status.OK);
        assertThat(coverage(Set.of(TRIPS), Map.of(), Set.of()).remedy().orElseThrow())
                .contains("millrace init");
        assertThat(coverage(Set.of(), Map.of(TRIPS, List.of("fare")), Set.of())
                        .items()
                        .get(0)
                        .seen())
                .isEqualTo("the table lacks fare");
        assertThat(coverage(Set.of(), Map.of(), Set.of(TRIPS)).remedy().orElseThrow())
                .contains("put the contract back");
    }

    private static Finding coverage(
            Set<DatasetName> withoutTable, Map<DatasetName, List<String>> missing, Set<DatasetName> withoutContract) {
        return ContractVerdict.of(new ContractVerdict.Coverage(1, withoutTable, missing, withoutContract));
    }

    private static InstalledEngine engine(String driver, Optional<String> version, Optional<String> refusal) {
        return new InstalledEngine(
                driver,
                "v1.5.5",
                "linux_amd64",
                List.of(new InstalledEngine.Extension("ducklake", Path.of("/cache/d"), version, refusal)));
    }

    @Test
    void engineAndExtensionsAreOfOneVersion() {
        Optional<String> loaded = Optional.of("d8a1881e");
        assertThat(EngineVerdict.of(engine("1.5.5.1", loaded, Optional.empty())).seen())
                .isEqualTo("DuckDB v1.5.5, driver 1.5.5.1, linux_amd64; ducklake d8a1881e");
        assertThat(EngineVerdict.of(engine("1.5.50.1", loaded, Optional.empty()))
                        .status())
                .isEqualTo(Status.FAILED);
        assertThat(EngineVerdict.of(engine("1.5.5.1", Optional.empty(), Optional.empty()))
                        .remedy()
                        .orElseThrow())
                .contains("millrace init");
        assertThat(EngineVerdict.of(engine("1.5.5.1", Optional.empty(), Optional.of("was built for v1.4.0")))
                        .remedy()
                        .orElseThrow())
                .contains("delete /cache/d", "was built for v1.4.0");
    }

    private static Status sqlite(boolean isSqlite, boolean isWal, long walBytes, Optional<String> network) {
        return SqliteVerdict.of(new SqliteVerdict.Seen(
                        PLACE.resolve("lake.sqlite"), isSqlite, isWal, 100_000, walBytes, false, network))
                .status();
    }

    @Test
    void sqliteFiles() {
        assertThat(sqlite(true, true, 0, Optional.empty())).isEqualTo(Status.OK);
        assertThat(sqlite(false, false, 0, Optional.empty())).isEqualTo(Status.FAILED);
        assertThat(sqlite(true, false, 0, Optional.empty())).isEqualTo(Status.WARNING);
        assertThat(sqlite(true, true, 300_000_000, Optional.empty())).isEqualTo(Status.WARNING);
        assertThat(sqlite(true, true, 0, Optional.of("nfs4"))).isEqualTo(Status.WARNING);
    }

    @Test
    void whatOthersHaveWrittenCannotCommandATerminal() {
        Item item = new Item("pid 7 (anna, \u001b[2J)", Status.OK, "a\r\n  b\u0007");
        assertThat(item.subject()).isEqualTo("pid 7 (anna, ?[2J)");
        assertThat(item.seen()).isEqualTo("a b?");
    }

    @Test
    void secretsAreMaskedWhereverTheyStand() {
        SecretValues secrets = SecretValues.of(Map.of("PGPASSWORD", "hunter2-long", "AWS_SECRET_ACCESS_KEY", "abc"));
        Finding finding = Finding.failed("password hunter2-long is wrong", "not hunter2-long, abc")
                .withItems(List.of(new Item("hunter2-long", Status.FAILED, "hunter2-long")))
                .rewritten(secrets::masked);
        assertThat(finding.toString()).doesNotContain("hunter2-long").contains("***", "abc");
    }
}
