package dev.millrace.lake;

/** What was to be pinned, or unpinned, is not there; the lake is as it was. */
public final class PinException extends LakeException {
    private static final long serialVersionUID = 1L;

    PinException(String message) {
        super(message);
    }
}
