package dev.millrace.cli.log;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.lake.LogContext;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.MDC;

/**
 * Writes one line for each event: what is wrong, what takes long, and, of a process that goes on, what it does. Each has the dataset and
 * the run that the thread is at ({@link LogContext}), and no secret of the environment. Thread-safe.
 */
public final class EventLog {
    private static final String PREFIX = "millrace: ";

    /** Who says something, and whether its lines for people have the time: those of a process that goes on. */
    private record Speaker(Optional<String> name, boolean isTimed) {}

    private final PrintStream target;
    private final Clock clock;
    private final SecretValues secrets;
    private volatile LogFormat format = LogFormat.HUMAN;
    private volatile LogLevel level = LogLevel.WARN;
    private volatile Speaker command = new Speaker(Optional.empty(), false);

    /** @param target where the lines go */
    public EventLog(PrintStream target, Clock clock, SecretValues secrets) {
        this.target = target;
        this.clock = clock;
        this.secrets = secrets;
    }

    /** How it writes from now on. */
    public void format(LogFormat newFormat) {
        format = newFormat;
    }

    /** From which level on what the libraries and the lower layers log is written. What the commands themselves tell is always. */
    public void level(LogLevel newLevel) {
        level = newLevel;
        LibraryLog.levelOf(this);
    }

    LogLevel level() {
        return level;
    }

    /** The command that is being executed. */
    public void command(String name) {
        command = new Speaker(Optional.of(name), false);
    }

    /** As {@link #command}, for one that goes on until it is told to end: lines for people have the time from now on. */
    public void process(String name) {
        command = new Speaker(Optional.of(name), true);
    }

    /** A stream of which each line that is printed is an event of the command. */
    public PrintStream lines(LogLevel lineLevel) {
        return new EventStream(new Lines(lineLevel, Optional.empty()));
    }

    /** As {@link #lines}, of a part of a process that goes on. */
    public PrintStream lines(LogLevel lineLevel, String speaker) {
        return new EventStream(new Lines(lineLevel, Optional.of(new Speaker(Optional.of(speaker), true))));
    }

    /** Tells of a failure. On a stream that is none of this class it is a line. */
    public static void failure(PrintStream stream, String message) {
        if (stream instanceof EventStream events) {
            events.lines.event(LogLevel.ERROR, message);
        } else {
            stream.println(PREFIX + message);
        }
    }

    /** Tells of a failure of the command, with its stack where that is wanted. */
    public void failure(String message, Optional<Throwable> stack) {
        write(command, LogLevel.ERROR, PREFIX + message, stack);
    }

    /** Tells what is worth a look, of the command. */
    public void notice(String sentence) {
        write(command, LogLevel.WARN, PREFIX + sentence, Optional.empty());
    }

    /** What a library or a lower layer has logged. */
    void logged(LogLevel eventLevel, String message, Optional<Throwable> stack) {
        if (eventLevel.compareTo(level) >= 0) {
            write(command, eventLevel, PREFIX + message, stack);
        }
    }

    private void write(Speaker speaker, LogLevel eventLevel, String text, Optional<Throwable> failure) {
        String line = text.lines().map(String::strip).collect(Collectors.joining(" "));
        Optional<String> stack = failure.map(EventLog::stack);
        String event = format == LogFormat.JSON
                ? json(speaker, eventLevel, line.startsWith(PREFIX) ? line.substring(PREFIX.length()) : line, stack)
                : human(speaker, line)
                        + stack.map(trace -> System.lineSeparator() + trace).orElse("");
        synchronized (target) {
            target.println(secrets.masked(event));
            target.flush();
        }
    }

    private String json(Speaker speaker, LogLevel eventLevel, String message, Optional<String> stack) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        json.put("level", eventLevel.word());
        speaker.name().ifPresent(name -> json.put("command", name));
        context(LogContext.DATASET).ifPresent(dataset -> json.put("dataset", dataset));
        context(LogContext.RUN).ifPresent(run -> json.put("run", run));
        json.put("message", message);
        stack.ifPresent(trace -> json.put("stack", trace));
        return json.toString();
    }

    private String human(Speaker speaker, String line) {
        String about = Stream.of(LogContext.DATASET, LogContext.RUN)
                .flatMap(key -> context(key).map(value -> key + "=" + value).stream())
                .collect(Collectors.joining(" "));
        String told = about.isEmpty() ? line : line + " [" + about + "]";
        if (!speaker.isTimed()) {
            return told;
        }
        return clock.instant().truncatedTo(ChronoUnit.MILLIS) + " "
                + speaker.name().orElse("") + ": " + (told.startsWith(PREFIX) ? told.substring(PREFIX.length()) : told);
    }

    private static Optional<String> context(String key) {
        return Optional.ofNullable(MDC.get(key));
    }

    private static String stack(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }

    /** Tells failures from the rest. */
    private static final class EventStream extends PrintStream {
        private final Lines lines;

        EventStream(Lines lines) {
            super(lines, true, StandardCharsets.UTF_8);
            this.lines = lines;
        }
    }

    /** Makes an event of each line. */
    private final class Lines extends OutputStream {
        private final LogLevel lineLevel;
        private final Optional<Speaker> speaker;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Lines(LogLevel lineLevel, Optional<Speaker> speaker) {
            this.lineLevel = lineLevel;
            this.speaker = speaker;
        }

        @Override
        public synchronized void write(int character) {
            if (character != '\n') {
                line.write(character);
                return;
            }
            String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
            line.reset();
            EventLog.this.write(speaker.orElse(command), lineLevel, text, Optional.empty());
        }

        void event(LogLevel eventLevel, String message) {
            EventLog.this.write(speaker.orElse(command), eventLevel, PREFIX + message, Optional.empty());
        }
    }
}
