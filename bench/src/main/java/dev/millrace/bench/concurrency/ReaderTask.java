package dev.millrace.bench.concurrency;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;

/** Counts the rows and reads their content all the while, and says what must not be seen. */
final class ReaderTask extends LakeTask {
    private static final String COUNT = "SELECT count(*) FROM lake.events";
    private static final String CONTENT = """
            SELECT coalesce(sum(rows), 0)::BIGINT, coalesce(sum(distinct_rows), 0)::BIGINT, count_if(NOT whole) FROM (
                SELECT count(*) AS rows, count(DISTINCT sequence) AS distinct_rows, bool_and(length(note) = 32) AS whole
                FROM lake.events GROUP BY producer)
            """;

    /** Reading all content is dear, and a lake is made to be read, not to be read without a pause. */
    private static final int COUNTS_A_CONTENT = 8;

    private record Content(long rows, long distinctRows, long broken) {}

    private final Account account;
    private final boolean rowsOnlyGrow;
    private long passes;
    private long mostRows;

    ReaderTask(Pace pace, Site site, Account account, Signals signals) {
        super(site, SessionOptions.Access.READ, account, signals, pace);
        this.account = account;
        this.rowsOnlyGrow = !pace.others().analyst();
    }

    @Override
    boolean pass(LakeSession lake) {
        if (passes++ % COUNTS_A_CONTENT == 0) {
            Content content = lake.queryOne(CONTENT, row -> new Content(row.getLong(1), row.getLong(2), row.getLong(3)))
                    .orElseThrow();
            if (content.rows() != content.distinctRows() || content.broken() > 0) {
                account.found("a reader saw " + content.rows() + " rows, of them " + content.distinctRows()
                        + " distinct, with broken content of " + content.broken() + " producers");
            }
            see(content.rows());
        } else {
            see(lake.queryLong(COUNT));
        }
        return false;
    }

    private void see(long rows) {
        if (rowsOnlyGrow && rows < mostRows) {
            account.found("a reader saw " + rows + " rows after it had seen " + mostRows);
        }
        mostRows = Math.max(mostRows, rows);
        account.setRows(mostRows);
    }

    @Override
    boolean drains() {
        return false;
    }
}
