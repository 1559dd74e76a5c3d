package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a run after deaths begins with few files, down to a single one, and soon loads as many as ever. */
class CareTest {
    private static final BatchLimits LIMITS = new BatchLimits(1_000, 5_000, 16);

    @Test
    void withoutADeathThereIsNone() {
        Care care = Care.after(0, LIMITS);
        assertThat(care.windowFiles()).isEqualTo(5_000);
        assertThat(care.batchLimits()).isEqualTo(LIMITS);
        assertThat(care.next()).isEqualTo(care);
    }

    @ParameterizedTest
    @CsvSource({"1, 5000, 625", "2, 625, 78", "3, 78, 9", "4, 9, 1", "5, 1, 1", "1000, 1, 1"})
    void theFirstWindowIsWhatTheDeadHolderMayHaveBeenAt(int deaths, int windowFiles, int batchFiles) {
        Care care = Care.after(deaths, LIMITS);
        assertThat(care.windowFiles()).isEqualTo(windowFiles);
        assertThat(care.batchLimits()).isEqualTo(new BatchLimits(1_000, batchFiles, 16));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000_000})
    void itGrowsEightfoldUntilItIsOver(int deaths) {
        List<Care> run = new ArrayList<>();
        for (Care care = Care.after(deaths, LIMITS); care.batchFiles() < 5_000; care = care.next()) {
            run.add(care);
        }
        assertThat(run).hasSizeLessThanOrEqualTo(6).allSatisfy(care -> {
            assertThat(care.batchFiles()).isLessThanOrEqualTo(care.windowFiles());
            assertThat(care.windowFiles()).isLessThanOrEqualTo(5_000);
        });
    }
}
