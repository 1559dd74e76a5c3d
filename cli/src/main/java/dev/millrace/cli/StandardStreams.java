package dev.millrace.cli;

import dev.millrace.cli.log.LogLevel;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard input, output and error: results go to {@code out}, everything else that is said to {@code err}. */
public record StandardStreams(InputStream in, PrintStream out, PrintStream err) {
    /** Those of this process, in UTF-8 whatever the locale says. */
    static StandardStreams ofThisProcess() {
        return new StandardStreams(System.in, utf8(FileDescriptor.out), utf8(FileDescriptor.err));
    }

    /** A part of a process that goes on: what it prints are events of the log. */
    static StandardStreams events(ProcessContext context, String speaker) {
        return new StandardStreams(
                context.streams().in(),
                context.log().lines(LogLevel.INFO, speaker),
                context.log().lines(LogLevel.WARN, speaker));
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
