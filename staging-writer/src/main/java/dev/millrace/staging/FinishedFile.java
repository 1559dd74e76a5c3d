package dev.millrace.staging;

import dev.millrace.schemas.StagingKey;
import java.nio.file.Path;

/** A whole file in the spool, to be published under a key. */
record FinishedFile(StagingKey key, Path path, long rows, long sizeBytes) {}
