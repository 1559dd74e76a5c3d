package dev.millrace.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Lines on standard error, each with the time and with who says it. */
final class EventLog extends OutputStream {
    private final PrintStream target;
    private final Clock clock;
    private final String who;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private EventLog(PrintStream target, Clock clock, String who) {
        this.target = target;
        this.clock = clock;
        this.who = who;
    }

    /** What is printed there becomes lines of the log. */
    static StandardStreams streams(ProcessContext context, String who) {
        PrintStream log = new PrintStream(
                new EventLog(context.streams().err(), context.clock(), who), true, StandardCharsets.UTF_8);
        return new StandardStreams(context.streams().in(), log, log);
    }

    @Override
    public synchronized void write(int character) {
        if (character != '\n') {
            line.write(character);
            return;
        }
        String text = line.toString(StandardCharsets.UTF_8).replaceFirst("^millrace: ", "");
        line.reset();
        target.println(clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + who + ": " + text.stripTrailing());
    }
}
