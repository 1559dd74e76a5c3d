package dev.millrace.bench.simulation;

/** What may happen to an actor instead of a step that just succeeds. */
enum Fault {
    NONE,
    /** Its process is gone before the step. */
    CRASH,
    /** The step has no effect, and its actor hears so or hears nothing of use. */
    EXCEPTION,
    /** The step has its effect, and its actor is told that something went wrong. */
    LOST_REPLY,
    /** The step has its effect later, when its actor has given it up. */
    DELAYED_REPLY,
    /** The actor stands still for long, and then goes on as if nothing had been. */
    STALL,
    /** Its clock is wrong from now on, in either direction. */
    CLOCK_JUMP,
    /** The catalog stays away for so long that the run ends without a record. */
    OUTAGE,
    DUPLICATED_PAGE,
    REORDERED_PAGE
}
