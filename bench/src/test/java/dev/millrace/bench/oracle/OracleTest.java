package dev.millrace.bench.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ingester.BatchLimits;
import dev.millrace.ingester.IngestEnvironment;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestSettings;
import dev.millrace.ingester.Ingester;
import dev.millrace.lake.Activity;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.ProducerId;
import dev.millrace.staging.StagedFile;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.DirectoryStore;
import dev.millrace.storage.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the oracle is content with a sound lake and finds each mistake that is made in one. */
@Tag("slow")
class OracleTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-21");
    private static final String SQL_NAME = "lake.main.events";
    private static final int ROWS = 10;

    @TempDir
    private Path folder;

    private ObjectStore staging;
    private ObjectStore lakeData;
    private LakeSession session;

    @BeforeEach
    void aLakeWithAFileThatIsLoadedAndOneThatWaits() {
        staging = DirectoryStore.create(folder.resolve("staging"));
        lakeData = DirectoryStore.create(folder.resolve("lake"));
        session = LakeSession.open(
                new LakeAddress(new Catalog.SqliteCatalog(folder.resolve("lake.sqlite")), lakeData.root()),
                SessionOptions.of(SessionOptions.Access.CREATE).withReadablePlaces(List.of(staging.root() + "/")));
        PipelineTables.install(session);
        new DatasetContract(session, EventRows.contract()).apply();
        session.reconnect();
        stage("loaded");
        ingest();
        stage("waiting");
    }

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void aSoundLakeIsFound() {
        assertThat(check()).isEqualTo(new Verdict(2 * ROWS, ROWS, ROWS, 0, 0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void whatIsStagedAndNotAcknowledgedMayComeInOrNot() throws IOException {
        stage("killed");
        try (var logs = Files.list(folder.resolve("logs"))) {
            for (Path log : logs.filter(f -> f.toString().contains("killed")).toList()) {
                byte[] line = Files.readAllBytes(log);
                Files.write(log, Arrays.copyOf(line, line.length - 1));
            }
        }
        assertThat(check()).isEqualTo(new Verdict(2 * ROWS, ROWS, 2 * ROWS, 0, 0, 0, 0, 0, 0, List.of()));
        ingest();
        assertThat(check()).isEqualTo(new Verdict(2 * ROWS, 3 * ROWS, 0, 0, 0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void aRowThatTheLakeHasLostIsFound() {
        session.execute("DELETE FROM " + SQL_NAME + " WHERE sequence = 3");
        Verdict verdict = check();
        assertThat(verdict.lost()).isEqualTo(1);
        assertThat(verdict.findings()).anyMatch(finding -> finding.contains("loaded:3"));
        assertThat(verdict.ok()).isFalse();
    }

    @Test
    void whatAnAnalystHasNotedAsChangedIsLookedForAsChanged() {
        ChangeLog log = ChangeLog.open(folder.resolve("logs"), "analyst");
        session.execute("DELETE FROM " + SQL_NAME + " WHERE sequence IN (3, 4)");
        session.execute("UPDATE " + SQL_NAME + " SET note = " + ChangeLog.UPDATED_NOTE + " WHERE sequence = 5");
        log.committed(new ChangeLog.Changed(ChangeLog.Change.DELETED, "loaded", List.of(3L, 4L)));
        log.committed(new ChangeLog.Changed(ChangeLog.Change.UPDATED, "loaded", List.of(5L)));
        assertThat(check()).isEqualTo(new Verdict(2 * ROWS, ROWS - 2, ROWS, 2, 0, 0, 0, 0, 0, List.of()));

        log.committed(new ChangeLog.Changed(ChangeLog.Change.UPDATED, "loaded", List.of(6L)));
        log.committed(new ChangeLog.Changed(ChangeLog.Change.DELETED, "loaded", List.of(7L)));
        assertThat(check().findings())
                .anyMatch(finding -> finding.contains("another content") && finding.contains("loaded:6"))
                .anyMatch(finding -> finding.contains("deleted rows are there again: loaded:7"));
    }

    @Test
    void aDoubledRowIsFound() {
        session.execute("INSERT INTO " + SQL_NAME + " SELECT * FROM " + SQL_NAME + " WHERE sequence = 3");
        Verdict verdict = check();
        assertThat(verdict.doubled()).isEqualTo(1);
        assertThat(verdict.findings())
                .anyMatch(finding -> finding.contains("loaded:3 (2 times in the lake, 0 times waiting)"));
    }

    @Test
    void aLoadedFileThatTheLedgerHasForgottenIsFound() {
        session.execute("DELETE FROM lake.millrace.ledger");
        assertThat(check().doubled()).isEqualTo(ROWS);
    }

    @Test
    void aLedgerRowThatStandsTwiceIsFound() {
        session.execute("INSERT INTO lake.millrace.ledger SELECT * FROM lake.millrace.ledger");
        assertThat(check().findings())
                .anyMatch(finding -> finding.contains("more than once in the ledger"))
                .anyMatch(finding -> finding.equals("the ledger says that 20 rows were loaded, the lake has 10"));
    }

    @Test
    void aMissingLakeFileIsFound() throws IOException {
        Files.delete(lakeFile());
        Verdict verdict = check();
        assertThat(verdict.dangling()).isEqualTo(1);
        assertThat(verdict.lost()).isEqualTo(ROWS);
    }

    @Test
    void aLakeFileOfAnotherSizeIsFound() throws IOException {
        Files.writeString(lakeFile(), "more", StandardOpenOption.APPEND);
        assertThat(check().wronglySized()).isEqualTo(1);
    }

    @Test
    void aFileThatOnlyAnOlderSnapshotNamesIsLookedForToo() throws IOException {
        Path file = lakeFile();
        session.execute("DELETE FROM " + SQL_NAME);
        session.execute("DELETE FROM lake.millrace.ledger");
        Files.delete(file);
        assertThat(check().dangling()).isEqualTo(1);
    }

    @Test
    void aStagedFileThatWasDeletedTooEarlyIsFound() {
        staging.list(
                "events/waiting/", page -> staging.delete(List.of(page.get(0).key())));
        Verdict verdict = check();
        assertThat(verdict.wronglyDeleted()).isEqualTo(1);
        assertThat(verdict.lost()).isEqualTo(ROWS);
    }

    @Test
    void aLoadedFileMayBeDeletedFromStaging() {
        staging.list(
                "events/loaded/", page -> staging.delete(List.of(page.get(0).key())));
        assertThat(check().ok()).isTrue();
    }

    @Test
    void aChangedRowIsFound() {
        session.execute("UPDATE " + SQL_NAME + " SET note = 'another' WHERE sequence = 3");
        assertThat(check().findings()).anyMatch(finding -> finding.contains("another content"));
    }

    @Test
    void aGoodFileInQuarantineIsFound() {
        session.execute("UPDATE lake.millrace.ledger SET status = 'quarantined', message = 'refused'");
        assertThat(check().findings()).anyMatch(finding -> finding.contains("in quarantine"));
    }

    private Verdict check() {
        return Oracle.check(session, staging, lakeData, folder.resolve("logs"));
    }

    private Path lakeFile() {
        return Path.of(session.queryOne("SELECT DISTINCT filename FROM " + SQL_NAME, row -> row.getString(1))
                .orElseThrow());
    }

    private void stage(String producer) {
        try (AcknowledgedLog log = AcknowledgedLog.open(folder.resolve("logs"), producer);
                StagingWriter<GenericRecord> writer = StagingWriter.open(
                        staging, EventRows.contract(), new ProducerId(producer), StagingWriterOptions.defaults())) {
            for (int sequence = 0; sequence < ROWS; sequence++) {
                writer.write(EventRows.row(producer, sequence, DAY));
            }
            writer.roll();
            StagedFile file = writer.staged().get(0);
            log.acknowledge(file.key(), 0, ROWS - 1);
        }
    }

    private void ingest() {
        LeasedRun.Terms terms = new LeasedRun.Terms(
                Activity.INGEST, Worker.current(), Duration.ofMinutes(1), Clock.systemUTC(), CommitRetry.STANDARD);
        new Ingester(
                        new IngestEnvironment(session, staging, lakeData, terms),
                        new IngestSettings(new BatchLimits(1_000_000, 100, 16), 1_000_000, Duration.ZERO),
                        IngestListener.NONE)
                .ingest(EventRows.contract());
    }
}
