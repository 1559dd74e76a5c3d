package dev.millrace.lake;

/** The token has moved on: another holder took the lease, and nothing of this transaction may be committed. */
public final class FencedException extends LakeException {
    private static final long serialVersionUID = 1L;

    FencedException(Lease lease) {
        super("run " + lease.runId() + " lost the " + lease.activity().word() + " lease of dataset '" + lease.dataset()
                + "' to another holder (token " + lease.token()
                + " is outdated); it committed nothing since, and the other holder does the work");
    }
}
