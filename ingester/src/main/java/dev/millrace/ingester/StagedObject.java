package dev.millrace.ingester;

import java.time.Instant;

/** A staged file as the listing shows it. */
record StagedObject(String key, long sizeBytes, Instant modifiedAt) {}
