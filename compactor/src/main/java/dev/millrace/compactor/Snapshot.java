package dev.millrace.compactor;

import java.time.Instant;

/** A snapshot that the catalog has. */
public record Snapshot(long id, Instant committedAt) {}
