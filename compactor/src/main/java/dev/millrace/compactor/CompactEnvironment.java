package dev.millrace.compactor;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.storage.ObjectStore;

/**
 * What a compaction works with.
 *
 * @param lakeData its root is the lake's data path
 * @param terms for activity {@code COMPACT}
 */
public record CompactEnvironment(LakeSession session, ObjectStore lakeData, LeasedRun.Terms terms) {}
