package dev.millrace.bench.simulation;

import java.util.List;
import java.util.Map;

/**
 * What anybody can see of a pipeline.
 *
 * @param staged the keys in the staging area, in order
 * @param ledger {@code key status} of each row, in order
 * @param rows the ids in the lake, in order
 * @param lakeFiles how many the newest snapshot names
 * @param commits how many there have been
 * @param runs how the runs have ended, in the order of these words
 * @param holders who holds the lease of each activity that is held
 */
record Observation(
        List<String> staged,
        List<String> ledger,
        List<Integer> rows,
        long lakeFiles,
        long commits,
        List<String> runs,
        Map<String, String> holders) {}
