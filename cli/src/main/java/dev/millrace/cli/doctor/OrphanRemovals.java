package dev.millrace.cli.doctor;

import dev.millrace.lake.LakeSession;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Supplier;

/** How the last removal of orphans ended, which is one for the whole lake. */
final class OrphanRemovals implements Check {
    private static final String LAST = """
            SELECT started_at, files, bytes, error FROM lake.millrace.run
            WHERE activity = 'remove-orphans' ORDER BY started_at DESC, run_id DESC LIMIT 1
            """;

    private final Supplier<LakeSession> session;
    private final Clock clock;

    OrphanRemovals(Supplier<LakeSession> session, Clock clock) {
        this.session = session;
        this.clock = clock;
    }

    @Override
    public Finding look() {
        return OrphanVerdict.of(
                session.get()
                        .queryOne(
                                LAST,
                                row -> new OrphanVerdict.Removal(
                                        row.getObject(1, OffsetDateTime.class).toInstant(),
                                        row.getLong(2),
                                        row.getLong(3),
                                        Optional.ofNullable(row.getString(4)))),
                clock.instant());
    }
}
