package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves what the engine does to an expiry that shares its transaction with a change of a table, which is why {@link
 * RetentionFence} writes an option. When this fails, the engine has changed: a row of the lake may be the fence then.
 */
@Tag("served")
class ExpiryHazardTest {
    @TempDir
    private Path folder;

    @Test
    void anExpiryBesideAnUpdateIsLostWhenAnotherCommitsMeanwhile() {
        LakeTestBed bed = new LakeTestBed(folder);
        try (LakeSession session = bed.openWithTrips();
                LakeSession other = bed.open(SessionOptions.Access.WRITE)) {
            CommitResult<Long> result = Transaction.run(session, () -> {
                long changed = session.update("UPDATE lake.millrace.version SET version = version");
                session.execute("CALL ducklake_expire_snapshots('lake', versions => [0])");
                other.execute("INSERT INTO lake.trips VALUES (1, 'Ulm')");
                return changed;
            });
            assertThat(result).isInstanceOf(CommitResult.Committed.class);
            assertThat(firstSnapshot(session))
                    .as("the snapshot that has expired")
                    .isZero();
        }
    }

    @Test
    void anExpiryBesideAnOptionIsNot() {
        LakeTestBed bed = new LakeTestBed(folder);
        try (LakeSession session = bed.openWithTrips();
                LakeSession other = bed.open(SessionOptions.Access.WRITE)) {
            CommitResult<Boolean> result = Transaction.run(session, () -> {
                new RetentionFence(session).write();
                session.execute("CALL ducklake_expire_snapshots('lake', versions => [0])");
                other.execute("INSERT INTO lake.trips VALUES (1, 'Ulm')");
                return true;
            });
            assertThat(result).isInstanceOf(CommitResult.Committed.class);
            assertThat(firstSnapshot(session)).isPositive();
        }
    }

    private static long firstSnapshot(LakeSession session) {
        return session.queryLong("SELECT min(snapshot_id) FROM __ducklake_metadata_lake.ducklake_snapshot");
    }
}
