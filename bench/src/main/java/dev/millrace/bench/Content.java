package dev.millrace.bench;

import java.sql.ResultSet;
import java.sql.SQLException;

/** What a table holds, as far as it tells whether a row is missing, doubled or changed. */
record Content(long rows, long distinctIds, long idSum) {
    /** The list of a SELECT that {@link #read} reads. */
    static final String COLUMNS = "count(*), count(DISTINCT id), coalesce(sum(id), 0)::BIGINT";

    static Content read(ResultSet row) throws SQLException {
        return new Content(row.getLong(1), row.getLong(2), row.getLong(3));
    }

    /** @throws BenchException when it is not the workload's */
    void require(Workload workload, String where) {
        Content expected = new Content(workload.rows(), workload.rows(), workload.idSum());
        if (!equals(expected)) {
            throw new BenchException(where + " holds " + this + " in the place of " + expected
                    + ": the work was not done right, so its time counts for nothing");
        }
    }
}
