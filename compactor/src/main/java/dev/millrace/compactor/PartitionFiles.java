package dev.millrace.compactor;

/**
 * The lake files of one partition, as the catalog has them.
 *
 * @param partition the partition values with {@code /} between them, empty for a dataset without partitions
 * @param mergeableFiles those smaller than the target size and without deleted rows
 */
public record PartitionFiles(String partition, long files, long bytes, long mergeableFiles, long mergeableBytes) {}
