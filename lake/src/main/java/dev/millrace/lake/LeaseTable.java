package dev.millrace.lake;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.millrace.failpoint.Failpoint;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Reads and changes the lease table; every change belongs into a transaction. Its conditions are {@linkplain PipelineTables those of the
 * pipeline's tables}.
 */
final class LeaseTable {
    private static final String READ = """
            SELECT token, holder, run_id, taken_at, expires_at, deaths
            FROM lake.millrace.lease WHERE dataset || '' = ? AND activity || '' = ?
            """;
    private static final String ADD = """
            INSERT INTO lake.millrace.lease VALUES (?, ?, 0, NULL, NULL, NULL, NULL, 0)
            """;
    private static final String TAKE = """
            UPDATE lake.millrace.lease
            SET token = token + 1, holder = ?, run_id = ?, taken_at = ?, expires_at = ?, deaths = ?
            WHERE dataset || '' = ? AND activity || '' = ? AND token::VARCHAR = ?::VARCHAR
            """;
    private static final String RAISE = """
            UPDATE lake.millrace.lease SET token = token + 1, expires_at = ?, deaths = ?
            WHERE dataset || '' = ? AND activity || '' = ? AND token::VARCHAR = ?::VARCHAR
            """;
    private static final String RELEASE = """
            UPDATE lake.millrace.lease
            SET token = token + 1, holder = NULL, run_id = NULL, taken_at = NULL, expires_at = NULL, deaths = ?
            WHERE dataset || '' = ? AND activity || '' = ? AND token::VARCHAR = ?::VARCHAR
            """;

    private static final String FENCE = """
        UPDATE lake.millrace.lease
        SET token = token + 1, holder = NULL, run_id = NULL, taken_at = NULL, expires_at = NULL
        WHERE dataset || '' = ? AND activity || '' = ?
        """;

    /** A row of the table; holder, run and times are absent when nobody holds the lease. */
    record Entry(
            long token,
            Optional<Worker> holder,
            Optional<String> runId,
            Optional<Instant> takenAt,
            Optional<Instant> expiresAt,
            int deaths) {

        boolean isFreeAt(Instant now) {
            return holder.isEmpty()
                    || holder.orElseThrow().isKnownDead()
                    || !expiresAt.orElse(Instant.MIN).isAfter(now);
        }

        /** The lease as this run has it; absent when another one has it, or none. */
        Optional<Lease> heldBy(DatasetName dataset, Activity activity, String run) {
            return runId.filter(run::equals)
                    .map(mine -> new Lease(dataset, activity, token, mine, expiresAt.orElseThrow(), deaths));
        }
    }

    /** A scan on SQLite that meets another one's commit can miss the row for once: only one that stays away is not there. */
    private static final RetryPolicy<Optional<Entry>> LOOK_AGAIN = RetryPolicy.<Optional<Entry>>builder()
            .handleResult(Optional.empty())
            .handleIf(failure -> false)
            .withMaxAttempts(4)
            .withDelay(Duration.ofMillis(25))
            .build();

    private final LakeSession session;

    LeaseTable(LakeSession session) {
        this.session = session;
    }

    Entry read(DatasetName dataset, Activity activity) {
        return Failsafe.with(LOOK_AGAIN)
                .get(() -> find(dataset, activity))
                .orElseThrow(() -> new LakeException("dataset '" + dataset
                        + "' is not in the lake yet; run 'millrace init', which makes it from its contract"));
    }

    private Optional<Entry> find(DatasetName dataset, Activity activity) {
        return session.queryOne(
                READ,
                row -> new Entry(
                        row.getLong(1),
                        Optional.ofNullable(row.getString(2)).map(Worker::parse),
                        Optional.ofNullable(row.getString(3)),
                        instant(row.getObject(4, OffsetDateTime.class)),
                        instant(row.getObject(5, OffsetDateTime.class)),
                        row.getInt(6)),
                dataset.toString(),
                activity.word());
    }

    void add(DatasetName dataset, Activity activity) {
        session.execute(ADD, dataset.toString(), activity.word());
    }

    /** Takes the lease that is in the given state; the caller has seen that it is free. */
    Lease take(DatasetName dataset, Activity activity, Entry seen, Worker worker, String runId, Term term) {
        int deaths = seen.deaths() + (seen.holder().isPresent() ? 1 : 0);
        Failpoint.BEFORE_TAKE_LEASE.pass();
        long changed = session.update(
                TAKE,
                worker.toString(),
                runId,
                term.from(),
                term.until(),
                deaths,
                dataset.toString(),
                activity.word(),
                seen.token());
        Lease lease = new Lease(dataset, activity, seen.token() + 1, runId, term.until(), deaths);
        if (changed != 1) {
            throw new FencedException(lease);
        }
        Failpoint.AFTER_TAKE_LEASE.pass();
        return lease;
    }

    Lease raise(Lease lease, Instant newExpiry, int deaths) {
        Failpoint.BEFORE_RAISE_TOKEN.pass();
        long changed = session.update(
                RAISE,
                newExpiry,
                deaths,
                lease.dataset().toString(),
                lease.activity().word(),
                lease.token());
        if (changed != 1) {
            throw new FencedException(lease);
        }
        Failpoint.AFTER_RAISE_TOKEN.pass();
        return lease.raised(newExpiry);
    }

    void release(Lease lease, int deaths) {
        Failpoint.BEFORE_RELEASE_LEASE.pass();
        long changed = session.update(
                RELEASE, deaths, lease.dataset().toString(), lease.activity().word(), lease.token());
        if (changed != 1) {
            throw new FencedException(lease);
        }
        Failpoint.AFTER_RELEASE_LEASE.pass();
    }

    /** Takes the lease from whoever has it: what that one has prepared can't be committed any more. */
    void fence(DatasetName dataset, Activity activity) {
        session.execute(FENCE, dataset.toString(), activity.word());
    }

    private static Optional<Instant> instant(OffsetDateTime time) {
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }

    /** From when until when a lease is held. */
    record Term(Instant from, Instant until) {}
}
