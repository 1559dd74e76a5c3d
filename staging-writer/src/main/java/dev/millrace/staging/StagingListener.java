package dev.millrace.staging;

import dev.millrace.schemas.DatasetName;
import java.time.Duration;

/**
 * Is told what becomes of the rows of a {@link StagingWriter}, on the thread that uses the writer. One listener may serve many writers;
 * it is quick then and safe for many threads. What it throws reaches the caller of the writer.
 */
public interface StagingListener {
    /** Does nothing. */
    StagingListener NONE = new StagingListener() {};

    /**
     * A file was published: its rows are safe.
     *
     * @param took from its first byte sent until the store has confirmed it
     */
    default void published(DatasetName dataset, StagedFile file, Duration took) {}

    /** A file could not be published; it is kept for another try. */
    default void notPublished(DatasetName dataset, RuntimeException cause) {}

    /** A row did not fit, or the spool can't be written: the writer takes no more, and what it has not published is gone. */
    default void broken(DatasetName dataset, StagingException cause) {}
}
