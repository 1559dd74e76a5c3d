package dev.millrace.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.ProducerId;
import dev.millrace.storage.KeyConflictException;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.PutOutcome;
import dev.millrace.storage.StorageException;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves when rows become staged files, when they do not, and that trying again stages nothing twice. */
@Tag("stand")
class StagingWriterTest {
    private static final RollPolicy BY_TEN_ROWS = new RollPolicy(10, Long.MAX_VALUE, Duration.ofHours(1));

    @TempDir
    private Path folder;

    private final TurnedClock clock = new TurnedClock();
    private final StagingWriterOptions options = StagingWriterOptions.defaults().withClock(clock);
    private final StoreStand stand = StoreStand.current();
    private ObjectStore store;

    @BeforeEach
    void open() {
        store = stand.store(folder, "staging");
    }

    @Test
    void closePublishesWhatIsWritten() throws IOException {
        StagingWriter<GenericRecord> writer = writer(options);
        write(writer, 0, 25);
        assertThat(Readings.keys(store)).isEmpty();

        writer.close();
        writer.close();

        assertThat(writer.rowsWritten()).isEqualTo(25);
        assertThat(writer.staged()).hasSize(1);
        StagedFile file = writer.staged().get(0);
        assertThat(file.rows()).isEqualTo(25);
        assertThat(file.outcome()).isEqualTo(PutOutcome.CREATED);
        assertThat(file.sizeBytes())
                .isEqualTo(store.find(file.key().toString()).orElseThrow().sizeBytes());
        assertThat(file.key().toString()).matches("readings/plant-7/[0-9a-f-]{36}\\.parquet");
        assertThat(Readings.read(store, file.key().toString())).hasSize(25);
        assertThat(stand.everything(store)).containsExactly(file.key().toString());
        assertThatThrownBy(() -> writer.write(Readings.row(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("readings", "closed");
    }

    @Test
    void anEmptyWriterPublishesNothing() throws IOException {
        StagingWriter<GenericRecord> writer = writer(options);
        writer.roll();
        writer.rollIfDue();
        writer.close();

        assertThat(writer.staged()).isEmpty();
        assertThat(stand.everything(store)).isEmpty();
    }

    @Test
    void rollsByRows() throws IOException {
        try (StagingWriter<GenericRecord> writer = writer(options.withRoll(BY_TEN_ROWS))) {
            write(writer, 0, 25);
            assertThat(writer.staged()).extracting(StagedFile::rows).containsExactly(10L, 10L);
            assertThat(Readings.keys(store)).hasSize(2);
        }
        assertThat(Readings.sensors(store)).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void rollsByBytes() throws IOException {
        RollPolicy policy = new RollPolicy(Long.MAX_VALUE, 100_000, Duration.ofHours(1));
        StagingWriter<GenericRecord> writer = writer(options.withRoll(policy));
        write(writer, 0, 20_000);
        writer.close();

        assertThat(writer.staged()).hasSizeGreaterThan(2);
        assertThat(writer.staged())
                .allSatisfy(file -> assertThat(file.sizeBytes()).isBetween(1L, 110_000L));
        assertThat(writer.staged().stream().mapToLong(StagedFile::rows).sum()).isEqualTo(20_000);
    }

    @Test
    void rollsByAgeAtAWriteAndWhenAsked() {
        RollPolicy policy = new RollPolicy(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofMinutes(5));
        StagingWriter<GenericRecord> writer = writer(options.withRoll(policy));
        write(writer, 0, 3);
        clock.turn(Duration.ofMinutes(4));
        writer.rollIfDue();
        assertThat(writer.staged()).isEmpty();

        clock.turn(Duration.ofMinutes(1));
        writer.rollIfDue();
        assertThat(writer.staged()).extracting(StagedFile::rows).containsExactly(3L);

        write(writer, 3, 4);
        clock.turn(Duration.ofMinutes(6));
        write(writer, 4, 5);
        assertThat(writer.staged()).extracting(StagedFile::rows).containsExactly(3L, 2L);
        writer.close();
    }

    @Test
    void onCloseNothingIsSeenBeforeAndAllAfterwards() throws IOException {
        StagingWriter<GenericRecord> writer =
                writer(options.withRoll(BY_TEN_ROWS).withPublication(Publication.ON_CLOSE));
        write(writer, 0, 25);
        writer.roll();
        assertThat(Readings.keys(store)).isEmpty();
        assertThat(writer.staged()).isEmpty();

        writer.close();

        assertThat(writer.staged()).extracting(StagedFile::rows).containsExactly(10L, 10L, 5L);
        assertThat(Readings.sensors(store)).hasSize(25);
        assertThat(stand.everything(store)).isEqualTo(Readings.keys(store));
    }

    @Test
    void discardPublishesNothingMoreAndLeavesNoSpool() throws IOException {
        StagingWriter<GenericRecord> writer =
                writer(options.withRoll(BY_TEN_ROWS).withPublication(Publication.ON_CLOSE));
        write(writer, 0, 25);

        writer.discard();
        writer.discard();
        writer.close();

        assertThat(writer.staged()).isEmpty();
        assertThat(stand.everything(store)).isEmpty();
    }

    @Test
    void aBrokenWriterPublishesNothingAndSaysSo() throws IOException {
        StagingWriter<GenericRecord> writer = writer(options);
        write(writer, 0, 3);
        GenericRecord bad = Readings.row(3);
        bad.put("celsius", "warm");

        assertThatThrownBy(() -> writer.write(bad))
                .isInstanceOf(StagingException.class)
                .hasMessageContainingAll("readings", "row 4", "'celsius'", "double", "warm");
        assertThatThrownBy(() -> writer.write(Readings.row(4))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(writer::close)
                .isInstanceOf(StagingException.class)
                .hasMessageContainingAll("readings", "row 4", "nothing more was published");
        assertThat(stand.everything(store)).isEmpty();

        writer.discard();
        writer.close();
    }

    @Test
    void theSameWorkDoneAgainFindsItsFiles() throws IOException {
        StagingWriterOptions again = options.withRoll(BY_TEN_ROWS);
        for (PutOutcome expected : List.of(PutOutcome.CREATED, PutOutcome.ALREADY_THERE)) {
            StagingWriter<GenericRecord> writer = writer(again.withBatchIds(Readings.sameIds()));
            write(writer, 0, 25);
            writer.close();
            assertThat(writer.staged()).extracting(StagedFile::outcome).containsOnly(expected);
            clock.turn(Duration.ofDays(1));
        }
        assertThat(Readings.sensors(store)).hasSize(25);
        assertThat(stand.everything(store)).hasSize(3);
    }

    @Test
    void otherRowsUnderTheSameKeyAreAConflict() throws IOException {
        try (StagingWriter<GenericRecord> writer = writer(options.withBatchIds(Readings.sameIds()))) {
            write(writer, 0, 5);
        }
        StagingWriter<GenericRecord> writer = writer(options.withBatchIds(Readings.sameIds()));
        write(writer, 5, 10);

        assertThatThrownBy(writer::close)
                .isInstanceOf(KeyConflictException.class)
                .hasMessageContaining("readings/plant-7/");
        writer.discard();

        assertThat(Readings.sensors(store)).containsExactly("s0", "s1", "s2", "s3", "s4");
        assertThat(stand.everything(store)).hasSize(1);
    }

    @Test
    void closeCanBeRepeatedWhenPublishingFailed() throws IOException {
        BatchId id = BatchId.next();
        StagingWriter<GenericRecord> writer = writer(options.withBatchIds(() -> id));
        write(writer, 0, 5);
        String taken = "readings/plant-7/" + id + ".parquet";
        stand.write(store, taken, "in the way");

        assertThatThrownBy(writer::close).isInstanceOf(StorageException.class);
        assertThat(writer.staged()).isEmpty();
        stand.remove(store, taken);
        writer.close();

        assertThat(writer.staged()).extracting(file -> file.key().batchId()).containsExactly(id);
        assertThat(Readings.sensors(store)).hasSize(5);
        assertThat(stand.everything(store)).hasSize(1);
    }

    @Test
    void aFailedPublicationDuringAWriteKeepsTheRows() throws IOException {
        List<BatchId> ids = List.of(BatchId.next(), BatchId.next());
        var next = ids.iterator();
        StagingWriter<GenericRecord> writer =
                writer(options.withRoll(BY_TEN_ROWS).withBatchIds(next::next));
        write(writer, 0, 9);
        String taken = "readings/plant-7/" + ids.get(0) + ".parquet";
        stand.write(store, taken, "in the way");

        assertThatThrownBy(() -> writer.write(Readings.row(9))).isInstanceOf(StorageException.class);
        assertThat(writer.rowsWritten()).isEqualTo(10);
        write(writer, 10, 12);
        stand.remove(store, taken);
        writer.close();

        assertThat(writer.staged()).extracting(StagedFile::rows).containsExactly(10L, 2L);
        assertThat(Readings.sensors(store)).hasSize(12).doesNotHaveDuplicates();
    }

    @Test
    void sixteenWritersAtOnceLoseNothing() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Long>> producers = IntStream.range(0, 16)
                    .<Callable<Long>>mapToObj(p -> () -> {
                        try (StagingWriter<GenericRecord> writer = StagingWriter.open(
                                store, Readings.CONTRACT, new ProducerId("p" + p % 4), options.withRoll(BY_TEN_ROWS))) {
                            write(writer, p * 100, p * 100 + 95);
                            return writer.rowsWritten();
                        }
                    })
                    .toList();
            List<Long> written = new ArrayList<>();
            for (Future<Long> producer : pool.invokeAll(producers)) {
                written.add(producer.get());
            }
            assertThat(written).hasSize(16).containsOnly(95L);
        } finally {
            pool.shutdownNow();
        }
        assertThat(Readings.keys(store)).hasSize(160);
        assertThat(Readings.sensors(store)).hasSize(16 * 95).doesNotHaveDuplicates();
        assertThat(stand.everything(store)).isEqualTo(Readings.keys(store));
    }

    private StagingWriter<GenericRecord> writer(StagingWriterOptions given) {
        return StagingWriter.open(store, Readings.CONTRACT, Readings.PRODUCER, given);
    }

    private static void write(StagingWriter<GenericRecord> writer, int from, int to) {
        for (int i = from; i < to; i++) {
            writer.write(Readings.row(i));
        }
    }
}
