package dev.millrace.bench.simulation;

import java.util.Locale;

/** What is counted. */
enum Event {
    STEPS,
    ACKNOWLEDGED_FILES,
    COMMITS,
    BATCHES,
    REFUSED_FILES,
    MERGES,
    ERASURES,
    EXPIRED_SNAPSHOTS,
    CLEANED_FILES,
    SWEPT_FILES,
    READS,
    TIME_TRAVELS,
    READS_TOO_LATE,
    SUCCEEDED_RUNS,
    FAILED_RUNS,
    FENCED_RUNS,
    HELD_BY_ANOTHER,
    EXPIRED_LEASES_TAKEN,
    DEAD_HOLDERS_FOUND,
    WRONGLY_TAKEN_FOR_DEAD,
    CONFLICTS,
    LOST_CONNECTIONS,
    UNKNOWN_OUTCOMES,
    FOUND_COMMITTED,
    GIVEN_UP,
    CHANGED_MEANWHILE,
    FOUND_STAGED,
    KEYS_TAKEN,
    UNSETTLED_FILES,
    CRASHES,
    EXCEPTIONS,
    LOST_REPLIES,
    DELAYED_REPLIES,
    LATE_EFFECTS,
    OUTAGES,
    STALLS,
    CLOCK_JUMPS,
    DUPLICATED_PAGES,
    REORDERED_PAGES,
    MISSED_BY_LISTING;

    /** As it is printed. */
    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
