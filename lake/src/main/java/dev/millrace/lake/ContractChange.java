package dev.millrace.lake;

/**
 * One difference between a contract and what there is, and what it comes to.
 *
 * @param subject what differs: a column's name, {@code partition-by}, or the dataset as a whole
 * @param message a sentence without its subject's name in front: what happens, or who is hurt and what to do instead
 */
public record ContractChange(Effect effect, String subject, String message) {
    /** What a change costs. */
    public enum Effect {
        /** Nothing has to be done. */
        FREE,
        /** {@code millrace init}, or the first file that brings it, changes the dataset. */
        STEP,
        /** It is refused, or files that are waiting would be. */
        BREAKS
    }
}
