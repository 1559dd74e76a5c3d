package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves what the engine does to a column that gets another type, which is why {@link ColumnWidening} writes all rows anew and {@link
 * ChangedColumns} renames nothing. When this fails, the engine has changed: a wider type may be had for less then.
 */
class ColumnHazardTest {
    @TempDir
    private Path folder;

    private static void run(LakeSession session, String... statements) {
        List.of(statements).forEach(session::execute);
    }

    /** It is the statistics that a session has seen that it forgets. */
    private static void readAll(LakeSession session) {
        session.queryLong("SELECT sum(a)::BIGINT FROM lake.m");
    }

    @Test
    void aTypeThatWasChangedInPlaceLosesRowsInFilters() {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            run(
                    session,
                    "CREATE TABLE lake.m (id INTEGER, a INTEGER)",
                    "CALL lake.set_option('data_inlining_row_limit', 0, table_name => 'm')",
                    "INSERT INTO lake.m SELECT i::INTEGER, (i * 10)::INTEGER FROM range(1, 4) r(i)");
            readAll(session);
            run(session, "ALTER TABLE lake.m ALTER a TYPE BIGINT", "INSERT INTO lake.m SELECT 4, 40::BIGINT");
            readAll(session);
            run(session, "ALTER TABLE lake.m ADD COLUMN z INTEGER", "INSERT INTO lake.m SELECT 5, 50::BIGINT, 1");
            assertThat(session.queryLong("SELECT count(*) FROM lake.m WHERE id <= 3"))
                    .isEqualTo(3);
            assertThat(session.queryLong("SELECT count(*) FROM lake.m WHERE a <= 30"))
                    .isZero();
        }
    }

    @Test
    void aColumnOfRecordsThatIsAddedAndRenamedInOneTransactionLeavesACatalogThatNothingCanRead() {
        LakeTestBed bed = new LakeTestBed(folder);
        try (LakeSession session = bed.openWithTrips()) {
            run(
                    session,
                    "CREATE TABLE lake.m (id INTEGER)",
                    "BEGIN",
                    "ALTER TABLE lake.m ADD COLUMN s STRUCT(x INTEGER)",
                    "ALTER TABLE lake.m RENAME COLUMN s TO r",
                    "COMMIT");
        }
        assertThatThrownBy(() -> {
                    try (LakeSession session = bed.open(SessionOptions.Access.READ)) {
                        session.queryLong("SELECT count(*) FROM lake.trips");
                    }
                })
                .hasMessageContaining("INTERNAL Error");
    }
}
