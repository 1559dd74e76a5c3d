package dev.millrace.cli.log;

/** How the lines of the log are written. */
public enum LogFormat {
    /** For people. */
    HUMAN,
    /** One JSON object a line. */
    JSON
}
