package dev.millrace.schemas;

/** What the rows of a staged file do to the dataset. */
public enum WriteMode {
    /** Every row is added. */
    APPEND
}
