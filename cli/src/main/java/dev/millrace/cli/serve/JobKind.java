package dev.millrace.cli.serve;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.Schedule;
import java.time.Duration;
import java.util.Locale;

/** The jobs that there are. */
public enum JobKind {
    INGEST,
    COMPACT,
    /** Looks at the lake and at what waits. */
    LOOK;

    /** As logs, metrics and JSON name it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Schedule schedule(Configuration.Serve serve) {
        return switch (this) {
            case INGEST -> serve.timing().ingest();
            case COMPACT -> serve.timing().compact();
            case LOOK -> serve.look();
        };
    }

    Duration jitter(Configuration.Serve serve) {
        return this == LOOK ? Duration.ZERO : serve.timing().jitter();
    }
}
