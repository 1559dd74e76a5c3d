package dev.millrace.cli.serve;

import java.time.Instant;
import java.util.Optional;

/**
 * What a job does now, did last and does next.
 *
 * @param runningSince absent while it waits
 * @param last absent before its first end
 * @param next when it is due; absent when it is off, or runs
 * @param failuresInARow how often it has failed since it went well
 */
public record JobState(
        JobKind kind,
        String schedule,
        Optional<Instant> runningSince,
        Optional<Last> last,
        Optional<Instant> next,
        int failuresInARow) {
    /** Its last execution. */
    public record Last(Instant startedAt, Instant endedAt, JobEnd end) {}
}
