package dev.millrace.compactor;

import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts the rows of datasets around a step that must not change them. */
final class RowCounts {
    private static final String SNAPSHOT = "SELECT id FROM lake.current_snapshot()";

    private final LakeSession session;
    private final List<DatasetName> datasets;

    RowCounts(LakeSession session, Collection<DatasetName> datasets) {
        this.session = session;
        this.datasets = List.copyOf(datasets);
    }

    /**
     * Runs a step.
     *
     * @param what an error calls the step
     * @param step what has become of it when an error is thrown
     * @throws RowCountException when a dataset has another number of rows afterwards, in the snapshot that was the newest before
     */
    void requireUnchanged(String what, RowCountException.Step step, Runnable action) {
        long snapshot = session.queryLong(SNAPSHOT);
        Map<DatasetName, Long> before = new LinkedHashMap<>();
        datasets.forEach(dataset -> before.put(dataset, rows(dataset, snapshot)));
        action.run();
        before.forEach((dataset, rows) -> {
            long after = rows(dataset, snapshot);
            if (after != rows) {
                throw new RowCountException(dataset, what, step, rows, after);
            }
        });
    }

    private long rows(DatasetName dataset, long snapshot) {
        return session.queryLong("SELECT count(*) FROM " + new DatasetTable(session, dataset).sqlName()
                + " AT (VERSION => " + snapshot + ")");
    }
}
