package dev.millrace.staging;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.ProducerId;
import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.PutOutcome;
import dev.millrace.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.apache.avro.generic.IndexedRecord;

/**
 * Writes the records of one dataset to staged files: Parquet files under the staging area, each visible whole or not at all.
 *
 * <pre>{@code
 * try (StagingWriter<GenericRecord> writer = StagingWriter.open(staging, contract, producer, StagingWriterOptions.defaults())) {
 *     for (GenericRecord record : records) {
 *         writer.write(record);
 *     }
 * }
 * }</pre>
 *
 * <p>Rows are safe when {@link #close()} has returned, or earlier when {@link #staged()} names their file. Not thread-safe: use
 * one writer per thread, as many as needed; writers never wait for each other. Records may hold plain Avro values or those of
 * java.time, BigDecimal and UUID, and maps must iterate in a stable order when a retry is to produce the same bytes.
 *
 * @param <T> generic or specific Avro records whose schema has the shape of the contract's
 */
public final class StagingWriter<T extends IndexedRecord> implements AutoCloseable {
    private enum State {
        WRITING,
        CLOSING,
        BROKEN,
        CLOSED
    }

    /** Asking for the size is dear, so it is asked for at rows where it can have reached the limit. */
    private static final long MAX_ROWS_BETWEEN_SIZE_CHECKS = 1_000;

    private final ObjectStore staging;
    private final Contract contract;
    private final ProducerId producer;
    private final StagingWriterOptions options;
    private final Deque<FinishedFile> unpublished = new ArrayDeque<>();
    private final List<StagedFile> staged = new ArrayList<>();
    private State state = State.WRITING;
    private FileEncoder encoder;
    private Instant begunAt = Instant.MAX;
    private long nextSizeCheck;
    private long rowsWritten;
    private String spoolPlace;

    private StagingWriter(ObjectStore staging, Contract contract, ProducerId producer, StagingWriterOptions options) {
        this.staging = staging;
        this.contract = contract;
        this.producer = producer;
        this.options = options;
        this.spoolPlace = staging.root();
    }

    /** Opens a writer; nothing is touched in the staging area before the first row. */
    public static <T extends IndexedRecord> StagingWriter<T> open(
            ObjectStore staging, Contract contract, ProducerId producer, StagingWriterOptions options) {
        return new StagingWriter<>(staging, contract, producer, options);
    }

    /**
     * Adds a row, and ends the file when that makes a roll due.
     *
     * @throws StagingException when the record does not fit the schema, or the spool can't be written; the message names dataset
     *     and row (counted from 1). The writer is broken then, its spool is gone, and {@link #close()} publishes nothing
     * @throws StorageException when a full file could not be published. The row is taken: don't write it again. The file is kept
     *     and published with the next roll or by {@link #close()}
     */
    public void write(T row) {
        require(State.WRITING);
        try {
            if (encoder == null) {
                encoder = new FileEncoder(contract, DataModels.of(row));
            }
            if (!encoder.isOpen()) {
                begin();
            }
            encoder.add(row);
        } catch (IOException | RuntimeException e) {
            throw broken(e);
        }
        rowsWritten++;
        if (isFull()) {
            roll();
        } else {
            rollIfDue();
        }
    }

    /**
     * Ends the current file, if it has rows, and publishes what is finished unless that is kept for {@link #close()}.
     *
     * @throws StagingException when the file can't be finished; the writer is broken then
     * @throws StorageException when a file could not be published; it is kept, and published with the next roll or by close
     */
    public void roll() {
        require(State.WRITING);
        finish();
        if (options.publication() == Publication.ON_ROLL) {
            publish();
        }
    }

    /** Rolls when the current file has reached its age; for producers that are idle between writes. */
    public void rollIfDue() {
        require(State.WRITING);
        if (encoder != null
                && encoder.isOpen()
                && !options.clock()
                        .instant()
                        .isBefore(begunAt.plus(options.roll().maxAge()))) {
            roll();
        }
    }

    /**
     * Publishes all that is written and not published yet, and ends the writer. Does nothing when it is ended.
     *
     * @throws StorageException when publishing failed; may be called again, and uses the same keys
     * @throws StagingException when the writer is broken, and nothing more was published
     */
    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.BROKEN) {
            throw new StagingException("dataset '" + contract.dataset() + "': nothing more was published, since row "
                    + (rowsWritten + 1) + " could not be written; " + staged.size()
                    + " file(s) had been published before. Write the rows again with a new writer");
        }
        state = State.CLOSING;
        finish();
        publish();
        end();
    }

    /** Ends the writer, publishes nothing more and removes its spool. What is published stays. */
    public void discard() {
        removeSpool();
        end();
    }

    /** What has been published so far, in order. */
    public List<StagedFile> staged() {
        return List.copyOf(staged);
    }

    /** How many rows this writer has taken, published or not. */
    public long rowsWritten() {
        return rowsWritten;
    }

    private void require(State required) {
        if (state != required) {
            throw new IllegalStateException("the writer of dataset '" + contract.dataset()
                    + "' takes no rows any more, it is " + state.name().toLowerCase(Locale.ROOT)
                    + "; open a new one");
        }
    }

    private void begin() throws IOException {
        StagingKey key =
                new StagingKey(contract.dataset(), producer, options.batchIds().get());
        Path spool = staging.newSpoolFile(key.toString());
        spoolPlace = spool.getParent().toString();
        encoder.begin(key, spool);
        begunAt = options.clock().instant();
        nextSizeCheck = 1;
    }

    private boolean isFull() {
        long rows = encoder.rows();
        if (rows >= options.roll().maxRows()) {
            return true;
        }
        if (rows < nextSizeCheck) {
            return false;
        }
        long sizeBytes = encoder.sizeBytes();
        long left = options.roll().maxBytes() - sizeBytes;
        long rowsThatFit = left / Math.max(1, sizeBytes / rows);
        nextSizeCheck = rows + Math.max(1, Math.min(MAX_ROWS_BETWEEN_SIZE_CHECKS, rowsThatFit / 2));
        return left <= 0;
    }

    private void finish() {
        if (encoder == null || !encoder.isOpen()) {
            return;
        }
        try {
            unpublished.add(encoder.finish());
        } catch (IOException | RuntimeException e) {
            throw broken(e);
        }
    }

    private void publish() {
        while (!unpublished.isEmpty()) {
            FinishedFile file = unpublished.element();
            long begun = System.nanoTime();
            PutOutcome outcome;
            try {
                outcome = staging.putIfAbsent(file.key().toString(), file.path());
            } catch (RuntimeException e) {
                options.listener().notPublished(contract.dataset(), e);
                throw e;
            }
            unpublished.remove();
            StagedFile published = new StagedFile(file.key(), file.rows(), file.sizeBytes(), outcome);
            staged.add(published);
            options.listener().published(contract.dataset(), published, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private StagingException broken(Exception cause) {
        state = State.BROKEN;
        removeSpool();
        releaseEncoder();
        String remedy = cause instanceof MisfitException
                ? "correct the record, or the schema in the dataset's contract"
                : "check the space and the rights in " + spoolPlace;
        StagingException broken = new StagingException(
                "dataset '" + contract.dataset() + "', row " + (rowsWritten + 1) + ": " + cause.getMessage()
                        + "; nothing more will be published by this writer: " + remedy
                        + ", then write the rows again with a new writer",
                cause);
        options.listener().broken(contract.dataset(), broken);
        return broken;
    }

    private void removeSpool() {
        if (encoder != null) {
            encoder.abandon();
        }
        unpublished.forEach(file -> Spool.delete(file.path()));
        unpublished.clear();
    }

    private void end() {
        state = State.CLOSED;
        releaseEncoder();
    }

    private void releaseEncoder() {
        if (encoder != null) {
            encoder.close();
            encoder = null;
        }
    }
}
