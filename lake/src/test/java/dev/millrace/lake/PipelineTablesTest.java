package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a lake of the version before is refused until it was brought to this one, which keeps what it knows. */
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
            session.execute("DROP TABLE lake.millrace.step");
            session.execute("DROP TABLE lake.millrace.pin");
            session.execute("UPDATE lake.millrace.version SET version = 2");
            session.execute("INSERT INTO lake.millrace.ledger (dataset, staged_key) VALUES ('trips', 'a.parquet')");
        }
    }

    @Test
    void theVersionBeforeIsRefusedWithWhatToDo() {
        try (LakeSession session = bed.open(SessionOptions.Access.WRITE)) {
            assertThatThrownBy(() -> PipelineTables.require(session))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("have version 2")
                    .hasMessageContaining("millrace init");
        }
    }

    @Test
    void initMakesWhatIsMissingAndKeepsTheRest() {
        try (LakeSession session = bed.open(SessionOptions.Access.CREATE)) {
            PipelineTables.install(session);
            assertThat(PipelineTables.missing(session)).isEmpty();
            assertThat(session.queryLong("SELECT version FROM lake.millrace.version"))
                    .isEqualTo(PipelineTables.VERSION);
            assertThat(session.queryLong("SELECT count(*) FROM lake.millrace.ledger"))
                    .isEqualTo(1);
            PipelineTables.install(session);
            assertThat(session.queryLong("SELECT count(*) FROM lake.millrace.step"))
                    .isZero();
        }
    }
}
