package dev.millrace.ingester;

import java.time.Instant;

/** A staged file as the listing shows it. */
public record StagedObject(String key, long sizeBytes, Instant modifiedAt) {}
