package dev.millrace.lake;

import dev.millrace.lake.engine.EngineCache;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a session is opened.
 *
 * @param access whether the session may change the lake, and whether it may make a new one
 * @param readablePlaces further folders or prefixes, such as the staging area, that the session may read; besides these
 *     and the lake's own, it can reach nothing
 * @param notices told in a sentence what takes long, such as fetching an extension
 * @param outage for how long a session that is open waits for a catalog's server that has gone away; opening never waits
 * @param memoryBytes how much memory the engine may take before it spills to the disk; its own default, most of the machine's,
 *     when absent
 * @param s3 how S3 is reached; needed when the lake's data or a readable place is {@code s3://}
 */
public record SessionOptions(
        Access access,
        List<String> readablePlaces,
        EngineCache cache,
        Consumer<String> notices,
        Duration outage,
        Optional<Long> memoryBytes,
        Optional<S3Access> s3) {
    /** Long enough for a PostgreSQL that is started anew, recovery and all. */
    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(90);

    /** What a session may do with the lake. */
    public enum Access {
        /** Read only. */
        READ,
        /** Read and write a lake that exists. */
        WRITE,
        /** Read and write, and make the lake when there is none yet. */
        CREATE
    }

    public SessionOptions {
        readablePlaces = List.copyOf(readablePlaces);
    }

    /** With the standard cache and nobody told. */
    public static SessionOptions of(Access access) {
        return new SessionOptions(
                access,
                List.of(),
                EngineCache.standard(),
                notice -> {},
                LONGEST_OUTAGE,
                Optional.empty(),
                Optional.empty());
    }

    public SessionOptions withReadablePlaces(List<String> places) {
        return new SessionOptions(access, places, cache, notices, outage, memoryBytes, s3);
    }

    public SessionOptions withNotices(Consumer<String> listener) {
        return new SessionOptions(access, readablePlaces, cache, listener, outage, memoryBytes, s3);
    }

    public SessionOptions withS3(S3Access s3Access) {
        return new SessionOptions(access, readablePlaces, cache, notices, outage, memoryBytes, Optional.of(s3Access));
    }

    public SessionOptions withOutage(Duration longest) {
        return new SessionOptions(access, readablePlaces, cache, notices, longest, memoryBytes, s3);
    }

    /** With an engine that takes no more than so much memory. */
    public SessionOptions withMemory(long bytes) {
        return new SessionOptions(access, readablePlaces, cache, notices, outage, Optional.of(bytes), s3);
    }
}
