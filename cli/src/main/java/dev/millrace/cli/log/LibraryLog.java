package dev.millrace.cli.log;

import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Has what the lower layers and the libraries log, by way of SLF4J or of Java's logging, written as events. Called on the thread that
 * logs, whose dataset and run the event has.
 */
public final class LibraryLog extends Handler {
    /** Held, since Java's logging forgets the settings of a logger that nobody holds. */
    private static final Logger ROOT = Logger.getLogger("");

    private final EventLog log;
    private final SimpleFormatter formatter = new SimpleFormatter();

    private LibraryLog(EventLog log) {
        this.log = log;
    }

    /** Takes over what is logged anywhere in this process, in the place of what Java's logging does by itself. */
    public static void writeTo(EventLog log) {
        LogManager.getLogManager().reset();
        ROOT.addHandler(new LibraryLog(log));
        levelOf(log);
    }

    /** Takes the level over, where it was changed. */
    public static void levelOf(EventLog log) {
        ROOT.setLevel(log.level().level());
    }

    @Override
    public void publish(LogRecord record) {
        log.logged(
                LogLevel.of(record.getLevel()),
                String.valueOf(formatter.formatMessage(record)),
                Optional.ofNullable(record.getThrown()));
    }

    @Override
    public void flush() {
        // Each event is flushed when it is written.
    }

    @Override
    public void close() {
        // The stream is not its own.
    }
}
