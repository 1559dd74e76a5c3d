package dev.millrace.cli;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The clock of a day that is played: it stands at a time until it is set to a later one. */
final class DayClock extends Clock {
    private volatile Instant now;

    DayClock(Instant begin) {
        this.now = begin;
    }

    void set(Instant later) {
        now = later;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the clock of a day is in UTC");
    }
}
