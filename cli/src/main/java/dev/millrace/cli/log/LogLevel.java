package dev.millrace.cli.log;

import java.util.Locale;
import java.util.logging.Level;

/** How grave an event is, the least grave first. */
public enum LogLevel {
    /** What the engine was asked, and what the libraries tell of themselves. */
    DEBUG,
    /** Runs that begin and end, transactions that are tried again. */
    INFO,
    /** Something is not as it should be, and the command goes on. */
    WARN,
    /** Something was not done. */
    ERROR;

    /** As JSON names it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As Java's logging, on which the libraries log in the end, has it. */
    Level level() {
        return switch (this) {
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARN -> Level.WARNING;
            case ERROR -> Level.SEVERE;
        };
    }

    static LogLevel of(Level level) {
        LogLevel found = DEBUG;
        for (LogLevel candidate : values()) {
            if (level.intValue() >= candidate.level().intValue()) {
                found = candidate;
            }
        }
        return found;
    }
}
