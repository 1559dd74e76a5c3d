package dev.millrace.bench.concurrency;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options {@code --served} and {@code --embedded}. */
final class ModeOption {
    @ArgGroup
    private Choice choice = new Choice();

    static final class Choice {
        @Option(names = "--served", description = "on a MinIO and a PostgreSQL of its own (the default)")
        private boolean served;

        @Option(names = "--embedded", description = "on directories and a SQLite catalog")
        private boolean embedded;
    }

    Mode mode() {
        return choice.embedded && !choice.served ? Mode.EMBEDDED : Mode.SERVED;
    }
}
