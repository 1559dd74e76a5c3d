package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LedgerEntry;
import dev.millrace.lake.LedgerStatus;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.lake.RefusedFile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves for which refused files each action is done, and what is said of the others. */
class QuarantinePlannerTest {
    @ParameterizedTest
    @CsvSource({
        "RETRY, SCHEMA_MISMATCH, QUARANTINED, THERE, accepted",
        "RETRY, SCHEMA_MISMATCH, QUARANTINED, CHANGED, accepted",
        "RETRY, SCHEMA_MISMATCH, QUARANTINED, GONE, not in the staging area",
        "RETRY, SCHEMA_MISMATCH, WAITING, THERE, settled",
        "RETRY, MISSING_VALUES, RELEASED, THERE, accepted",
        "RETRY, SCHEMA_MISMATCH, DROPPED, GONE, was dropped",
        "RETRY, UNSAFE_NAME, QUARANTINED, THERE, under another one",
        "RELEASE, MISSING_VALUES, QUARANTINED, THERE, accepted",
        "RELEASE, MISSING_VALUES, RELEASED, THERE, settled",
        "RELEASE, MISSING_VALUES, QUARANTINED, CHANGED, another one than was refused",
        "RELEASE, SCHEMA_MISMATCH, QUARANTINED, THERE, no rule that can be waived",
        "RELEASE, UNREADABLE_DATA, QUARANTINED, THERE, no rule that can be waived",
        "DROP, UNSAFE_NAME, QUARANTINED, THERE, accepted",
        "DROP, NOT_PARQUET, WAITING, THERE, accepted",
        "DROP, NOT_PARQUET, QUARANTINED, GONE, accepted",
        "DROP, NOT_PARQUET, QUARANTINED, CHANGED, another one than was refused",
        "DROP, NOT_PARQUET, DROPPED, THERE, accepted",
        "DROP, NOT_PARQUET, DROPPED, GONE, settled",
        "DROP, NOT_PARQUET, DROPPED, CHANGED, settled",
    })
    void anActionIsDoneWhereItIsSafe(
            QuarantineAction action,
            QuarantineReason reason,
            LedgerStatus status,
            RefusedFileState state,
            String expected) {
        RefusedFile file = new RefusedFile(
                Pipeline.TRIPS,
                new LedgerEntry.Identity("trips/p/a.parquet", 7, Instant.EPOCH, Optional.empty()),
                status,
                new RefusedFile.Verdict(reason.code(), "so it is", "b", "r", Optional.empty(), Instant.EPOCH),
                Optional.empty());
        QuarantinePlan plan = QuarantinePlanner.plan(action, List.of(new QuarantinePlanner.Candidate(file, state)));
        assertThat(outcome(plan)).contains(expected);
    }

    private static String outcome(QuarantinePlan plan) {
        if (!plan.accepted().isEmpty()) {
            return "accepted";
        }
        return plan.settled().isEmpty() ? plan.declined().get(0).why() : "settled";
    }
}
