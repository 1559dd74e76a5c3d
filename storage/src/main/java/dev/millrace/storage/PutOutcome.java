package dev.millrace.storage;

/** What became of a put. */
public enum PutOutcome {
    /** The object is there now and durable. */
    CREATED,
    /** The object was there already, with the same content: an earlier try had succeeded. */
    ALREADY_THERE
}
