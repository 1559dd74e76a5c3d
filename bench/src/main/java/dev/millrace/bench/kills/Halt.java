package dev.millrace.bench.kills;

import dev.millrace.failpoint.Failpoint;

/**
 * Where a process stands still.
 *
 * @param time at which time of passing, from 1 on
 */
record Halt(Failpoint failpoint, int time) {
    Halt {
        if (time < 1) {
            throw new IllegalArgumentException(failpoint + " is passed for the first time at 1, not at " + time);
        }
    }

    /** As the process is told. */
    @Override
    public String toString() {
        return failpoint + ":" + time;
    }
}
