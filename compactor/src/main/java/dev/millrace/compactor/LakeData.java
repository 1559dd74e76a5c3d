package dev.millrace.compactor;

/**
 * What stands under the lake's data path, held against the catalog.
 *
 * @param files the Parquet files that the catalog names or that are in a dataset's folder
 * @param foreignFiles other Parquet files; they are left alone
 * @param otherFiles what is not called {@code .parquet}; it is left alone
 * @param namedFiles how many files below the data path the catalog's snapshots name
 * @param namedFilesFound how many of them are there
 * @param unplacedFiles how many files the catalog names without a table that says where they are
 */
public record LakeData(
        FileCount files,
        long foreignFiles,
        long otherFiles,
        long namedFiles,
        long namedFilesFound,
        long unplacedFiles) {}
