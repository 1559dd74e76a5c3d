package dev.millrace.lake;

import java.util.Optional;

/**
 * A change of a dataset's columns, and why it is made.
 *
 * @param broughtBy the key of a staged file that takes it; absent where the contract does
 */
public record Evolution(ColumnChange change, Optional<String> broughtBy) {
    /** A sentence without a full stop. */
    @Override
    public String toString() {
        return change + broughtBy.map(key -> ", brought by " + key).orElse(", as the contract says");
    }
}
