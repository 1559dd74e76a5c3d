package dev.millrace.staging;

import dev.millrace.schemas.BatchId;
import java.time.Clock;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * How a {@link StagingWriter} works.
 *
 * @param roll when a file is finished
 * @param publication when finished files become visible
 * @param batchIds names each file in turn; a producer that repeats a piece of work after a failure gives the same ids again,
 *     so that what is staged already is found and not staged twice
 * @param clock tells the age of a file
 * @param listener is told what becomes of the rows
 */
public record StagingWriterOptions(
        RollPolicy roll, Publication publication, Supplier<BatchId> batchIds, Clock clock, StagingListener listener) {
    public StagingWriterOptions {
        Objects.requireNonNull(roll, "roll");
        Objects.requireNonNull(publication, "publication");
        Objects.requireNonNull(batchIds, "batchIds");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(listener, "listener");
    }

    /** {@link RollPolicy#defaults()}, published as they are finished, named by {@link BatchId#next()}. */
    public static StagingWriterOptions defaults() {
        return new StagingWriterOptions(
                RollPolicy.defaults(), Publication.ON_ROLL, BatchId::next, Clock.systemUTC(), StagingListener.NONE);
    }

    public StagingWriterOptions withRoll(RollPolicy other) {
        return new StagingWriterOptions(other, publication, batchIds, clock, listener);
    }

    public StagingWriterOptions withPublication(Publication other) {
        return new StagingWriterOptions(roll, other, batchIds, clock, listener);
    }

    public StagingWriterOptions withBatchIds(Supplier<BatchId> other) {
        return new StagingWriterOptions(roll, publication, other, clock, listener);
    }

    public StagingWriterOptions withClock(Clock other) {
        return new StagingWriterOptions(roll, publication, batchIds, other, listener);
    }

    public StagingWriterOptions withListener(StagingListener other) {
        return new StagingWriterOptions(roll, publication, batchIds, clock, other);
    }
}
