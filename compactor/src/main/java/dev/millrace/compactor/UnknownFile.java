package dev.millrace.compactor;

import java.time.Instant;

/**
 * A Parquet file of a dataset that the catalog does not name.
 *
 * @param key below the lake's data path
 * @param folder of the dataset, as the start of the key
 * @param madeAt the later one of what its name and what the store says
 */
record UnknownFile(String key, String folder, long bytes, Instant madeAt) {}
