package dev.millrace.bench.oracle;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.StatementException;
import dev.millrace.storage.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds what producers were told against what is there: the dataset {@link EventRows#DATASET}, its ledger, its staged files,
 * and all files that any snapshot of the lake names.
 *
 * <p>To be asked when nobody is at work: a staged file that comes or goes meanwhile would be taken for a mistake. Counting is
 * the engine's work, so millions of rows are fine. Changes nothing but temporary tables of the session. Belongs to the
 * session's thread.
 */
public final class Oracle {
    /** The folder in that of the logs where producers of upserts note what they are going to stage, before they do. */
    public static final String BEGUN = "begun";

    private static final int EXAMPLES = 5;

    private record Files(long dangling, long wronglySized) {}

    private final LakeSession session;
    private final ObjectStore staging;
    private final ObjectStore lakeData;
    private final List<String> findings = new ArrayList<>();

    private Oracle(LakeSession session, ObjectStore staging, ObjectStore lakeData) {
        this.session = session;
        this.staging = staging;
        this.lakeData = lakeData;
    }

    /**
     * Checks everything.
     *
     * @param session may read the staging area
     * @param lakeData its root is the lake's data path
     * @param logs the folder of the {@link AcknowledgedLog}s and {@link ChangeLog}s
     * @throws dev.millrace.lake.LakeException when the catalog can't be read
     */
    public static Verdict check(LakeSession session, ObjectStore staging, ObjectStore lakeData, Path logs) {
        return new Oracle(session, staging, lakeData).check(logs);
    }

    /**
     * Checks everything of the dataset in the mode {@code upsert}, see {@link EventChanges}: of the changes that were loaded, acknowledged or not, the
     * last one of each item is in the lake, once, and none else.
     *
     * @param logs the folder of the {@link AcknowledgedLog}s; in {@value #BEGUN} below it those of what was going to be staged
     */
    public static Verdict checkUpserts(LakeSession session, ObjectStore staging, ObjectStore lakeData, Path logs) {
        return new Oracle(session, staging, lakeData).checkUpserts(logs);
    }

    private Verdict check(Path logs) {
        Files files = checkFiles();
        IdentifiedRows rows = new IdentifiedRows(session, staging);
        rows.readAcknowledged(logs);
        ChangedRows changed = new ChangedRows(session);
        changed.read(logs);
        rows.readWaiting();
        readLake(rows);
        long lost = find("acknowledged rows are neither in the lake nor waiting nor deleted", IdentifiedRows.LOST);
        long doubled = find("rows are there more than once", IdentifiedRows.DOUBLED);
        long wronglyDeleted = checkStaged();
        find("rows have another content than they were made or updated with", IdentifiedRows.CHANGED);
        find("deleted rows are there again", ChangedRows.DELETES_UNDONE);
        requireLedgerSum(rows, changed.deleted());
        return verdict(rows, changed.deleted(), lost, doubled, files, wronglyDeleted);
    }

    private Verdict checkUpserts(Path logs) {
        Files files = checkFiles();
        IdentifiedRows rows = new IdentifiedRows(session, staging);
        rows.readAcknowledged(logs);
        rows.readBegun(logs.resolve(BEGUN));
        rows.readWaiting();
        readLake(rows);
        new LatestChanges(session).read();
        long lost = find("last changes of items are not in the lake", LatestChanges.LOST);
        long doubled = find("items are there more than once", LatestChanges.DOUBLED);
        long wronglyDeleted = checkStaged();
        find("rows are there that were replaced, deleted or never loaded", LatestChanges.OUTDATED);
        find("rows have another content than they were made with", LatestChanges.CHANGED);
        find("staged files were loaded that no producer has begun", LatestChanges.UNKNOWN);
        find("sums differ", LatestChanges.WRONG_SUMS);
        return verdict(rows, 0, lost, doubled, files, wronglyDeleted);
    }

    private Files checkFiles() {
        new NamedFiles(session, lakeData).read();
        Files files = new Files(
                find("files that a snapshot names are not in the store", NamedFiles.DANGLING),
                find("files have another size than the catalog says", NamedFiles.WRONGLY_SIZED));
        find("files are named more than once", NamedFiles.NAMED_TWICE);
        return files;
    }

    /** Returns how many acknowledged files are gone that should not be. */
    private long checkStaged() {
        find("staged files stand more than once in the ledger", IdentifiedRows.LEDGER_TWICE);
        find("good staged files are in quarantine", IdentifiedRows.QUARANTINED);
        return find("acknowledged staged files are gone and not loaded", IdentifiedRows.WRONGLY_DELETED);
    }

    private Verdict verdict(
            IdentifiedRows rows, long deleted, long lost, long doubled, Files files, long wronglyDeleted) {
        return new Verdict(
                rows.acknowledged(),
                rows.inLake(),
                rows.waiting(),
                deleted,
                lost,
                doubled,
                files.dangling(),
                files.wronglySized(),
                wronglyDeleted,
                findings);
    }

    /** Rows that can't be read are found as lost. */
    private void readLake(IdentifiedRows rows) {
        try {
            rows.readLake();
        } catch (StatementException e) {
            findings.add("the lake's rows can't be read: " + e.firstLine());
        }
    }

    private void requireLedgerSum(IdentifiedRows rows, long deleted) {
        long ledger = session.queryLong(IdentifiedRows.LEDGER_SUM);
        if (ledger != rows.inLake() + deleted) {
            findings.add("the ledger says that " + ledger + " rows were loaded, the lake has " + rows.inLake()
                    + (deleted == 0 ? "" : ", and " + deleted + " were deleted"));
        }
    }

    /** A query of one text for each mistake. */
    private long find(String what, String mistakes) {
        long count = session.queryLong("SELECT count(*) FROM (" + mistakes + ")");
        if (count > 0) {
            List<String> examples = session.query(
                    "SELECT mistake FROM (" + mistakes + ") ORDER BY mistake LIMIT " + EXAMPLES,
                    row -> row.getString(1));
            findings.add(
                    count + " " + what + ": " + String.join(", ", examples) + (count > examples.size() ? ", ..." : ""));
        }
        return count;
    }
}
