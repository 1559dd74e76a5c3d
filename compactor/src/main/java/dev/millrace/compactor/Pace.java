package dev.millrace.compactor;

import dev.millrace.lake.CompactionSteps;
import java.time.Duration;
import java.util.Optional;

/** How fast files are merged here: so much for each file, and so much for each byte read or written. */
record Pace(double costBytesASecond) {
    /** What opening and ending a file takes, in bytes that could be moved meanwhile. */
    private static final long FILE_COST_BYTES = 100_000;

    /** Before anything was measured: slow enough that no plan promises too much. */
    private static final double UNKNOWN = 20_000_000;

    private static final double MILLIS = 1_000;

    Pace {
        if (!(costBytesASecond > 0)) {
            throw new IllegalArgumentException("files are merged at some pace, not at " + costBytesASecond);
        }
    }

    static Pace of(Optional<CompactionSteps.Pace> measured) {
        return measured.filter(pace -> pace.files() > 0)
                .map(pace -> new Pace((pace.files() * FILE_COST_BYTES + pace.bytes()) * MILLIS / pace.millis()))
                .orElse(new Pace(UNKNOWN));
    }

    Duration timeOf(PlannedMerge merge) {
        double cost = (double) merge.inputs().size() * FILE_COST_BYTES + merge.inputBytes() + merge.outputBytes();
        return Duration.ofMillis(Math.round(cost * MILLIS / costBytesASecond));
    }
}
