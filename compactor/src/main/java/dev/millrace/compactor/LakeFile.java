package dev.millrace.compactor;

/**
 * A lake file that can be merged with others: smaller than the target size.
 *
 * @param partition the partition values with {@code /} between them, empty for a dataset without partitions
 * @param path below the dataset's folder
 * @param rows those that are not deleted
 */
public record LakeFile(String partition, String path, long rows, long bytes) {}
