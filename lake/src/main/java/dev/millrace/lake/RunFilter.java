package dev.millrace.lake;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which runs are looked for. Lists that are empty allow all.
 *
 * @param since runs that had not ended before
 * @param until runs that began before
 * @param limit how many top-level runs at most, the newest ones
 */
public record RunFilter(
        List<String> datasets,
        List<String> activities,
        List<String> outcomes,
        Optional<Instant> since,
        Optional<Instant> until,
        int limit) {
    public RunFilter {
        datasets = List.copyOf(datasets);
        activities = List.copyOf(activities);
        outcomes = List.copyOf(outcomes);
        if (limit < 1) {
            throw new IllegalArgumentException("the limit is at least 1, not " + limit);
        }
    }
}
