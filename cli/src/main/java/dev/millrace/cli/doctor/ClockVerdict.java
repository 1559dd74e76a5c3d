package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import java.time.Duration;

/** Judges how far another machine's clock is from this one's. */
final class ClockVerdict {
    /** Leases and the ages of staged files begin to be wrong. */
    static final Duration WARN_FROM = Duration.ofSeconds(5);
    /** S3 refuses requests that were signed so far off. */
    static final Duration FAIL_FROM = Duration.ofMinutes(15);

    private ClockVerdict() {}

    /** As {@link #of}, behind what else was seen. */
    static Finding behind(String seen, Duration ahead, String whose) {
        Finding clocks = of(ahead, whose);
        return new Finding(clocks.status(), seen + "; clock: " + clocks.seen(), clocks.remedy(), clocks.items());
    }

    /**
     * Judges a difference.
     *
     * @param ahead how far the other clock is ahead of this one; negative when it is behind
     * @param whose as the finding names it: "the object store"
     */
    static Finding of(Duration ahead, String whose) {
        Duration off = ahead.abs();
        Status status = off.compareTo(FAIL_FROM) >= 0
                ? Status.FAILED
                : off.compareTo(WARN_FROM) >= 0 ? Status.WARNING : Status.OK;
        String seen = off.compareTo(Duration.ofSeconds(1)) < 0
                ? "less than 1 s from " + whose
                : whose + " is " + Quantity.age(off) + (ahead.isNegative() ? " behind" : " ahead");
        return Finding.of(
                status,
                seen,
                "set both clocks by NTP: leases and the ages of staged files are wrong by the difference"
                        + (status == Status.FAILED ? ", and S3 refuses requests from 15 minutes on" : ""));
    }
}
