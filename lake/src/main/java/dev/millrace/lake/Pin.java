package dev.millrace.lake;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keeps a snapshot, and the files that it names, from expiring.
 *
 * @param id eight hexadecimal digits
 * @param note why; may be empty
 * @param pinnedBy who ran the command
 * @param until when it ends; absent for never
 */
public record Pin(String id, long snapshot, String note, Instant pinnedAt, Worker pinnedBy, Optional<Instant> until) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}");

    public Pin {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("not the id of a pin (eight hexadecimal digits): '" + id + "'");
        }
        if (snapshot < 0) {
            throw new IllegalArgumentException("not a snapshot: " + snapshot);
        }
        if (until.isPresent() && !until.orElseThrow().isAfter(pinnedAt)) {
            throw new IllegalArgumentException("a pin made at " + pinnedAt + " can't end at " + until.orElseThrow());
        }
    }

    public boolean holdsAt(Instant now) {
        return until.isEmpty() || until.orElseThrow().isAfter(now);
    }
}
