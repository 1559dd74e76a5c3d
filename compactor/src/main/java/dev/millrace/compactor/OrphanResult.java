package dev.millrace.compactor;

/** How a removal of orphans ended. */
public sealed interface OrphanResult {
    /** What was seen before. */
    OrphanPlan plan();

    /** What was due is gone. */
    record Removed(OrphanPlan.Removal plan, FileCount removed) implements OrphanResult {}

    /**
     * Nothing was deleted.
     *
     * @param message why, and what to do
     */
    record Refused(OrphanPlan.Refusal plan, String message) implements OrphanResult {}
}
