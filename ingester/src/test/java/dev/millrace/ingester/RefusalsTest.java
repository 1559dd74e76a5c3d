package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Proves that a run stops before it puts many files into quarantine for what may be no fault of theirs, and never for another reason. */
class RefusalsTest {
    private static final int MOST = 10;

    private final List<Refused> quarantined = new ArrayList<>();
    private final Refusals refusals = new Refusals(Pipeline.TRIPS, MOST, quarantined::addAll);

    @Test
    void fewAreQuarantinedAtOnceOrAtTheEnd() {
        refusals.found(files(QuarantineReason.NOT_PARQUET, MOST - 1));
        assertThat(quarantined).hasSize(MOST - 1);
        refusals.foundWhileLoading(files(QuarantineReason.INVALID_VALUES, MOST - 1));
        refusals.windowEnded();
        assertThat(quarantined).hasSize(MOST - 1);
        refusals.ended();
        assertThat(quarantined).hasSize(2 * (MOST - 1));
    }

    @Test
    void manyWaitWhereNothingIsLoaded() {
        List<Refused> many = files(QuarantineReason.UNREADABLE_DATA, MOST);
        refusals.found(many);
        assertThat(refusals.isWithheld(many.get(0).file().key())).isTrue();
        assertThatThrownBy(refusals::windowEnded)
                .isInstanceOf(RefusalsException.class)
                .hasMessageContainingAll(
                        "dataset 'trips': 10 files",
                        "unreadable-data: 10",
                        "trips/p/0.parquet (unreadable-data): why",
                        "MILLRACE_INGEST_MAX_REFUSED");
        assertThat(quarantined).isEmpty();
    }

    @Test
    void manyAreQuarantinedWhereOneFileIsLoaded() {
        refusals.found(files(QuarantineReason.NOT_PARQUET, 5 * MOST));
        refusals.loaded();
        refusals.windowEnded();
        assertThat(quarantined).hasSize(5 * MOST);
    }

    @Test
    void thoseThatCannotBeLoadedStopTheRunOneAfterTheOther() {
        for (int file = 0; file < MOST - 1; file++) {
            refusals.foundWhileLoading(files(QuarantineReason.INVALID_VALUES, 1));
        }
        refusals.loaded();
        assertThat(quarantined).hasSize(MOST - 1);
        for (int file = 0; file < MOST - 1; file++) {
            refusals.foundWhileLoading(files(QuarantineReason.EXCEEDS_MEMORY, 1));
        }
        List<Refused> last = files(QuarantineReason.EXCEEDS_MEMORY, 1);
        assertThatThrownBy(() -> refusals.foundWhileLoading(last)).isInstanceOf(RefusalsException.class);
        assertThat(quarantined).hasSize(MOST - 1);
    }

    @Test
    void whatARuleRefusesStopsNothing() {
        refusals.found(files(QuarantineReason.SCHEMA_MISMATCH, 5 * MOST));
        refusals.foundWhileLoading(files(QuarantineReason.MISSING_VALUES, 5 * MOST));
        refusals.windowEnded();
        assertThat(quarantined).hasSize(10 * MOST);
    }

    private static List<Refused> files(QuarantineReason reason, int count) {
        return IntStream.range(0, count)
                .mapToObj(file -> new Refused(
                        new StagedObject("trips/p/" + file + ".parquet", 100, Instant.EPOCH),
                        new Quarantine(reason, "why")))
                .toList();
    }
}
