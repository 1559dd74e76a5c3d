package dev.millrace.bench.kills;

import dev.millrace.bench.oracle.EventRows;
import dev.millrace.failpoint.Failpoint;
import dev.millrace.ingester.IngestResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * An ingester that stands still for longer than its lease, by itself or by SIGSTOP, while another one takes over and does
 * the work. When it goes on it has to say that it was fenced, and to change nothing.
 */
record StaleHolder(Passings passings, InstantSource clock) implements Round {
    private static final Duration LEASE = Duration.ofMillis(1_500);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** Where a batch is on its way. */
    private static final List<Failpoint> HALTS = List.of(
            Failpoint.BEFORE_WRITE_LAKE_FILES,
            Failpoint.AFTER_WRITE_LAKE_FILES,
            Failpoint.BEFORE_OBJECT_COPY,
            Failpoint.AFTER_OBJECT_COPY,
            Failpoint.BEFORE_RAISE_TOKEN,
            Failpoint.AFTER_RAISE_TOKEN,
            Failpoint.BEFORE_REGISTER,
            Failpoint.AFTER_REGISTER,
            Failpoint.BEFORE_INSERT_LEDGER,
            Failpoint.AFTER_INSERT_LEDGER,
            Failpoint.BEFORE_COMMIT);

    private static final String STATE = """
            SELECT (SELECT token FROM lake.millrace.lease WHERE dataset = 'events' AND activity = 'ingest')
                || ' token, ' || (SELECT count(*) FROM lake.millrace.ledger) || ' ledger rows, '
                || (SELECT count(*) FROM __ducklake_metadata_lake.ducklake_data_file) || ' files, '
                || (SELECT count(*) FROM lake.main.events) || ' rows'
            """;
    private static final String FENCED_RUN = """
            SELECT count(*) FROM lake.millrace.run WHERE contains(worker, ?) AND outcome = 'fenced'
            """;

    @Override
    public Result run(Pipeline sound, Random random, String name) {
        List<Failpoint> halts = HALTS.stream()
                .filter(halt -> passings.times(Role.INGEST, halt) > 0)
                .toList();
        Failpoint failpoint = halts.get(random.nextInt(halts.size()));
        // The first COMMIT is that of the lease.
        int first = failpoint == Failpoint.BEFORE_COMMIT ? 2 : 1;
        int batches = Math.min(
                passings.times(Role.INGEST, failpoint), passings.times(Role.INGEST, Failpoint.BEFORE_INSERT_LEDGER));
        Halt halt = new Halt(failpoint, first + random.nextInt(batches));
        boolean stopped = random.nextBoolean();
        Role.INGEST.prepare(sound, name);
        try (RoleProcess stale = RoleProcess.start(sound.site(), Role.INGEST, name, LEASE, Optional.of(halt))) {
            if (!stale.awaitHalt()) {
                return new Result(0, List.of("an ingester did not come to " + halt + ": " + stale.output()));
            }
            if (stopped) {
                stale.stop();
            }
            takeOver(sound, stale);
            String before = state(sound);
            stale.letGo();
            if (stopped) {
                stale.resume();
            }
            return judge(sound, stale, halt, before);
        }
    }

    private void takeOver(Pipeline sound, RoleProcess stale) {
        Instant deadline = clock.instant().plus(LONGEST);
        while (sound.ingest(Pipeline.LEASE) instanceof IngestResult.HeldByAnother held) {
            if (clock.instant().isAfter(deadline)) {
                throw new IllegalStateException(
                        "nobody could take over from " + held.holder() + ", whose lease ends at " + held.until());
            }
            stale.endsWithin(LOOK);
        }
    }

    private static Result judge(Pipeline sound, RoleProcess stale, Halt halt, String before) {
        RoleEnd end = stale.end();
        if (end != RoleEnd.FENCED) {
            return Result.wrong("an ingester that was stale at " + halt + " ended with " + end + ": " + stale.output());
        }
        if (!stale.output().contains("lost the ingest lease of dataset '" + EventRows.DATASET + "'")) {
            return Result.wrong("an ingester that was stale at " + halt + " did not say so: " + stale.output());
        }
        String after = state(sound);
        if (!after.equals(before)) {
            return Result.wrong("an ingester that was stale at " + halt + " changed " + before + " into " + after);
        }
        if (sound.session().queryLong(FENCED_RUN, "-" + stale.pid() + "-") != 1) {
            return Result.wrong("no run of the ingester that was stale at " + halt + " is recorded as fenced");
        }
        return Result.STRUCK;
    }

    private static String state(Pipeline sound) {
        return sound.session().queryOne(STATE, row -> row.getString(1)).orElseThrow();
    }
}
