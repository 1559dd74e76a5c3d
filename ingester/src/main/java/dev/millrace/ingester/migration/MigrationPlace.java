package dev.millrace.ingester.migration;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.storage.ObjectStore;

/**
 * A lake with its staging area, as one that a dataset is moved from or to.
 *
 * @param session which may write the lake, and read and write the folder that both sessions hand over tables in
 * @param ingest the terms of the lease for ingests
 * @param compact the terms of the lease for compactions
 */
public record MigrationPlace(
        LakeSession session,
        ObjectStore staging,
        ObjectStore lakeData,
        LeasedRun.Terms ingest,
        LeasedRun.Terms compact) {}
