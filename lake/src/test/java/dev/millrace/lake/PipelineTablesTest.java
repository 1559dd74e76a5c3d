package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a lake of an earlier version is refused until it was brought to this one, which keeps what it knows. */
@Tag("slow")
@Tag("stand")
class PipelineTablesTest {
    @TempDir
    private Path folder;

    private LakeTestBed bed;

    @BeforeEach
    void makeALakeOfTheVersionBefore() {
        bed = new LakeTestBed(folder);
        try (LakeSession session = bed.openWithTrips()) {
            for (String column : List.of("row_hash", "footer_id", "changed_at", "changed_by")) {
                session.execute("ALTER TABLE lake.millrace.ledger DROP COLUMN " + column);
            }
            session.execute("ALTER TABLE lake.millrace.step DROP COLUMN deleted_rows");
            session.execute("ALTER TABLE lake.millrace.step DROP COLUMN foreign_rows");
            session.execute("DROP TABLE lake.millrace.evolution");
            session.execute("DROP TABLE lake.millrace.mode");
            session.execute("DROP TABLE lake.millrace.upsert");
            session.execute("UPDATE lake.millrace.version SET version = 3");
            session.execute("INSERT INTO lake.millrace.ledger (dataset, staged_key) VALUES ('trips', 'a.parquet')");
        }
    }

    @Test
    void theVersionBeforeIsRefusedWithWhatToDo() {
        try (LakeSession session = bed.open(SessionOptions.Access.WRITE)) {
            assertThatThrownBy(() -> PipelineTables.require(session))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("have version 3")
                    .hasMessageContaining("millrace init");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void initMakesWhatIsMissingAndKeepsTheRest(int version) {
        try (LakeSession session = bed.open(SessionOptions.Access.CREATE)) {
            if (version == 2) {
                session.execute("DROP TABLE lake.millrace.step");
                session.execute("DROP TABLE lake.millrace.pin");
                session.execute("UPDATE lake.millrace.version SET version = 2");
            }
            if (version == 4) {
                for (String column : List.of(
                        "row_hash VARCHAR", "footer_id VARCHAR", "changed_at TIMESTAMPTZ", "changed_by VARCHAR")) {
                    session.execute("ALTER TABLE lake.millrace.ledger ADD COLUMN " + column);
                }
                session.execute("ALTER TABLE lake.millrace.step ADD COLUMN deleted_rows BIGINT");
                session.execute("ALTER TABLE lake.millrace.step ADD COLUMN foreign_rows BIGINT");
                session.execute("UPDATE lake.millrace.version SET version = 4");
            }
            PipelineTables.install(session);
            assertThat(PipelineTables.missing(session)).isEmpty();
            assertThat(session.queryLong("SELECT version FROM lake.millrace.version"))
                    .isEqualTo(PipelineTables.VERSION);
            assertThat(session.queryLong("SELECT count(*) FROM lake.millrace.ledger WHERE row_hash IS NULL"))
                    .isEqualTo(1);
            PipelineTables.install(session);
            assertThat(session.queryLong("SELECT count(*) FROM lake.millrace.step WHERE deleted_rows IS NULL"))
                    .isZero();
        }
    }
}
