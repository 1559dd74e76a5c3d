package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import dev.millrace.storage.S3Credentials;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the engine's secret for some S3 prefixes valid: in memory only, renewed before its keys expire. */
final class S3Secret {
    private static final String CREATE = """
            CREATE OR REPLACE TEMPORARY SECRET millrace_s3 (TYPE s3, KEY_ID ?, SECRET ?, SESSION_TOKEN ?,
                ENDPOINT %s, REGION %s, URL_STYLE %s, USE_SSL %s, SCOPE %s)
            """;
    private static final Duration LONGEST_MARGIN = Duration.ofMinutes(10);
    private static final Duration WAIT_AFTER_FAILURE = Duration.ofSeconds(15);
    private static final int SHARE_OF_LIFE = 3;
    private static final Logger LOG = LoggerFactory.getLogger(S3Secret.class);

    private final S3Access access;
    private final String sql;
    /** What the engine has; null before the first time. */
    private S3Credentials credentials;

    private Optional<Instant> renewAt = Optional.empty();

    /** The secret for those of the places that are on S3; none when there are none. */
    static Optional<S3Secret> of(Optional<S3Access> access, List<String> places) {
        List<String> prefixes =
                places.stream().filter(place -> place.startsWith("s3://")).toList();
        if (prefixes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new S3Secret(
                access.orElseThrow(() -> new IllegalArgumentException(
                        "a session with " + prefixes.get(0) + " needs to know how S3 is reached")),
                prefixes));
    }

    private S3Secret(S3Access access, List<String> prefixes) {
        this.access = access;
        this.sql = CREATE.formatted(
                SqlText.literal(access.endpoint().authority()),
                SqlText.literal(access.endpoint().region()),
                SqlText.literal(access.endpoint().pathStyle() ? "path" : "vhost"),
                access.endpoint().usesTls(),
                SqlText.literals(prefixes));
    }

    /** Whether the keys that the engine has are about to expire. */
    boolean isDue() {
        return renewAt.filter(time -> !time.isAfter(access.clock().instant())).isPresent();
    }

    /**
     * Gives the engine the keys that are valid now. While those that it has are still valid, it is no error that no new ones
     * are to be had.
     *
     * @throws LakeException when there are no valid keys
     */
    void renew(EngineConnection engine) {
        S3Credentials fresh;
        Instant now = access.clock().instant();
        try {
            fresh = access.credentials().get();
        } catch (RuntimeException e) {
            boolean areStillValid = credentials != null
                    && credentials.expiresAt().filter(now::isBefore).isPresent();
            if (!areStillValid) {
                throw new LakeException(
                        "there are no valid keys for S3 at " + access.endpoint().address() + ": " + e.getMessage(), e);
            }
            LOG.warn("The keys for S3 could not be renewed, trying again soon: {}", e.getMessage());
            renewAt = Optional.of(now.plus(WAIT_AFTER_FAILURE));
            return;
        }
        renewAt = fresh.expiresAt().map(expiry -> expiry.minus(margin(Duration.between(now, expiry))));
        if (!fresh.equals(credentials)) {
            engine.execute(
                    sql,
                    fresh.accessKeyId(),
                    fresh.secretAccessKey(),
                    fresh.sessionToken().orElse(""));
            credentials = fresh;
        }
    }

    /** Keys that live shorter than half an hour are renewed when a third of their life is left. */
    private static Duration margin(Duration life) {
        Duration share = life.dividedBy(SHARE_OF_LIFE);
        return share.compareTo(LONGEST_MARGIN) < 0 ? share : LONGEST_MARGIN;
    }
}
