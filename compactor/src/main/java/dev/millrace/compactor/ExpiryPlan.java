package dev.millrace.compactor;

import java.util.List;

/**
 * Which snapshots expire.
 *
 * @param expiring their ids, the oldest first
 * @param snapshots how many there are in all
 * @param pinned how many of those that are there are kept by a pin
 */
public record ExpiryPlan(List<Long> expiring, int snapshots, int pinned) {
    public ExpiryPlan {
        expiring = List.copyOf(expiring);
    }
}
