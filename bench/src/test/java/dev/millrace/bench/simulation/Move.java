package dev.millrace.bench.simulation;

import dev.millrace.failpoint.Failpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One move of a scenario, which the model and the real pipeline make alike. */
sealed interface Move {
    /** How a run is stopped at a failpoint. */
    enum How {
        /** Its process is gone, which others of its host see. */
        CRASHES_HERE,
        /** Its process is gone, on a host of which nobody else knows anything. */
        CRASHES_ELSEWHERE,
        /** An exception comes out there. */
        THROWS,
        /** It stands still until it is told to go on. */
        IS_HELD
    }

    /** Where a run is stopped: when it passes the failpoint for the given time, from 1 on. */
    record Stop(Failpoint at, int time, How how) {}

    /** Who works. */
    enum Who {
        INGESTER_A,
        INGESTER_B,
        COMPACTOR,
        SWEEPER
    }

    /** A file to be staged; {@code first} is the first of its rows' ids. */
    record File(String key, int day, int first, int rows) {}

    /** A producer puts files; when it is stopped by an exception it tries again, when it crashes it does not. */
    record Stage(List<File> files, Optional<Stop> stop) implements Move {}

    /** A file that nobody can read. */
    record StageUnreadable(String key) implements Move {}

    /** A run, until its end or where it is stopped. */
    record Run(Who who, Optional<Stop> stop) implements Move {}

    /** Who is held goes on to its end. */
    record GoOn(Who who) implements Move {}

    /** Time passes. */
    record Wait(Duration time) implements Move {}
}
