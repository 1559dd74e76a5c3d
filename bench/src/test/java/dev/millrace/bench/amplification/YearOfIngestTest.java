package dev.millrace.bench.amplification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.compactor.MergePolicy;
import dev.millrace.lake.EveryCore;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Proves that a year of compaction writes at most three bytes a byte ingested, and leaves no quiet partition in many files. */
@Tag("slow")
@ExtendWith(EveryCore.class)
class YearOfIngestTest {
    @ParameterizedTest
    @FieldSource("dev.millrace.bench.amplification.AmplificationCommand#STREAMS")
    void aYearIsCheapAndLeavesFewFiles(Stream stream) {
        YearOfIngest.Result result = YearOfIngest.of(
                stream, new MergePolicy(256_000_000, Duration.ofHours(12), MergePolicy.Extent.WORTHWHILE), 7);
        assertThat(result.amplification()).isBetween(0.9, 3.0);
        assertThat(result.worstTimesIdeal()).isLessThanOrEqualTo(2);
    }
}
