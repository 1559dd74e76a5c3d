package dev.millrace.lake;

import java.time.Duration;

/**
 * One try of a transaction that was not committed and is made again.
 *
 * @param doing what was tried
 * @param attempt which try it was, from 1 on
 * @param pause how long is waited before the next one
 * @param reason what the catalog said, in a line
 */
public record Retry(String doing, int attempt, Duration pause, String reason) {
    public Retry {
        if (attempt < 1) {
            throw new IllegalArgumentException("the first try has the number 1, not " + attempt);
        }
    }
}
