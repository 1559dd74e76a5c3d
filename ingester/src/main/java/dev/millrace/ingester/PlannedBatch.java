package dev.millrace.ingester;

/** A batch as a dry run shows it. {@code way} is {@code rewrite} or {@code copy}. */
public record PlannedBatch(int files, long rows, long stagedBytes, String way, long partitions, int newColumns) {}
