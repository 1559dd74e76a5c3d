package dev.millrace.ingester;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.storage.ObjectStore;

/**
 * What an ingest works with.
 *
 * @param session may read the staging area
 * @param lakeData its root is the lake's data path
 * @param terms for activity {@code INGEST}
 */
public record IngestEnvironment(
        LakeSession session, ObjectStore staging, ObjectStore lakeData, LeasedRun.Terms terms) {}
