package dev.millrace.staging;

import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.PutOutcome;

/**
 * A file that a writer has published.
 *
 * @param rows how many rows it holds
 * @param sizeBytes its length
 * @param outcome whether this writer stored it or found it stored by an earlier try
 */
public record StagedFile(StagingKey key, long rows, long sizeBytes, PutOutcome outcome) {}
