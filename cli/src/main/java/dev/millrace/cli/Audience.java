package dev.millrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who gets to see what a command prints. */
public enum Audience {
    /** A person: with progress and colours. */
    TERMINAL,
    /** A program, or a file, of somebody who sits at a terminal. */
    PROGRAM,
    /** Nobody: a scheduler has started it, which keeps or mails whatever is printed. */
    SCHEDULER;

    /** What a process has only that somebody has started from a terminal, whatever its output is led to. */
    private static final Path CONTROLLING_TERMINAL = Path.of("/dev/tty");

    @SuppressWarnings(
            "SystemConsoleNull") // for Java 22 and newer the launcher chooses the console that is null elsewhere
    static Audience ofThisProcess() {
        if (System.console() != null) {
            return TERMINAL;
        }
        return hasControllingTerminal() ? PROGRAM : SCHEDULER;
    }

    private static boolean hasControllingTerminal() {
        if (!Files.exists(CONTROLLING_TERMINAL)) {
            // Not a system on which this could be told.
            return true;
        }
        try {
            Files.newInputStream(CONTROLLING_TERMINAL).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
