package dev.millrace.ingester;

import dev.millrace.lake.LedgerStatus;
import java.util.Locale;

/** What a user decides on a refused file. */
public enum QuarantineAction {
    /** The verdict is taken back: the next ingest inspects the file again. */
    RETRY(LedgerStatus.WAITING),
    /** As {@link #RETRY}, and the file is loaded with the missing values for which it was refused. */
    RELEASE(LedgerStatus.RELEASED),
    /** The staged file is deleted for good. */
    DROP(LedgerStatus.DROPPED);

    private final LedgerStatus status;

    QuarantineAction(LedgerStatus status) {
        this.status = status;
    }

    /** What the ledger says of the file afterwards. */
    public LedgerStatus status() {
        return status;
    }

    /** The word on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The word in the run table's column {@code activity}. */
    public String activity() {
        return "quarantine-" + word();
    }
}
