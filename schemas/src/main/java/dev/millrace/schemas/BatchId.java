package dev.millrace.schemas;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name of one staged file within its producer's prefix: a UUIDv7 (RFC 9562), which sorts by time, and optionally
 * the number of a part for producers that derive several ids from one, so that a retry uses the same keys.
 */
public record BatchId(String value) implements Comparable<BatchId> {
    private static final Pattern PATTERN =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(-[0-9]{5})?");
    private static final int UUID_LENGTH = 36;
    private static final int TIME_ORDERED = 7;
    private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();

    public BatchId {
        if (!PATTERN.matcher(value).matches()) {
            throw new InvalidContractException("batch id '" + value
                    + "' is not a lower-case UUID, optionally followed by a part number of five digits");
        }
    }

    /** A new id that sorts behind the earlier ones of this process; safe to call from many threads. */
    public static BatchId next() {
        return new BatchId(GENERATOR.generate().toString());
    }

    /** The id of a part of this batch: the same part always gets the same id. */
    public static BatchId part(UUID base, int part) {
        return new BatchId(String.format(Locale.ROOT, "%s-%05d", base, part));
    }

    /** When it was made, by its maker's clock; empty for a UUID of another version, which has no such time. */
    public Optional<Instant> madeAt() {
        UUID uuid = UUID.fromString(value.substring(0, UUID_LENGTH));
        return uuid.version() == TIME_ORDERED
                ? Optional.of(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> Short.SIZE))
                : Optional.empty();
    }

    @Override
    public int compareTo(BatchId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
