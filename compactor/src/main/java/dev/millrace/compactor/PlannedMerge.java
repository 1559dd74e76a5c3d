package dev.millrace.compactor;

/** A partition whose small files become {@code outputFiles} ones. */
public record PlannedMerge(String partition, long inputFiles, long inputBytes, long outputFiles) {}
