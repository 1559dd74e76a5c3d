package dev.millrace.compactor;

import dev.millrace.schemas.BatchId;
import dev.millrace.storage.StoredObject;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Parquet file that stands under the lake's data path.
 *
 * @param madeAt the later one of what the store says and of the time in its name, where that has one: {@code <batch id>-<n>.parquet}
 *     or a name of the engine's. A copy, or a restored backup, may be older than its name
 */
record LakeFileName(StoredObject object, Instant madeAt) {
    private static final String PARQUET = ".parquet";
    private static final Pattern ID =
            Pattern.compile("(?:ducklake-)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[.-].*");

    /** Whether a key is that of a Parquet file, and one that a store takes back. */
    static boolean isParquet(String key) {
        return key.endsWith(PARQUET)
                && !key.contains("//")
                && key.indexOf('\\') < 0
                && key.chars().noneMatch(Character::isISOControl);
    }

    static LakeFileName of(StoredObject object) {
        Instant named = nameTime(object.key().substring(object.key().lastIndexOf('/') + 1))
                .orElse(Instant.MIN);
        return new LakeFileName(object, named.isAfter(object.modifiedAt()) ? named : object.modifiedAt());
    }

    private static Optional<Instant> nameTime(String name) {
        Matcher matcher = ID.matcher(name);
        return matcher.matches() ? new BatchId(matcher.group(1)).madeAt() : Optional.empty();
    }
}
