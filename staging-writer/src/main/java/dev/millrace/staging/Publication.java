package dev.millrace.staging;

/** When the finished files of a writer become visible. */
public enum Publication {
    /** Each file as soon as it is finished. */
    ON_ROLL,
    /** All files one after the other when the writer is closed; before that none. */
    ON_CLOSE
}
