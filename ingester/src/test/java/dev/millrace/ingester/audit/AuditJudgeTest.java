package dev.millrace.ingester.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ingester.audit.AuditFinding.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that a difference is put down to others only where they have changed as many rows as differ. */
class AuditJudgeTest {
    @ParameterizedTest
    @CsvSource({
        "one row deleted, true, 1, 0, 0, 0, 1, 99, true",
        "one row updated, true, 1, 0, 1, 1, 1, 100, true",
        "a row inserted twice, true, 0, 1, 0, 1, 0, 101, true",
        "one deleted and one lost, true, 2, 0, 0, 0, 1, 98, false",
        "one deleted and one altered, true, 2, 0, 1, 0, 1, 99, false",
        "one deleted and one doubled, true, 1, 1, 0, 0, 1, 100, false",
        "nobody has changed anything, true, 1, 0, 0, 0, 0, 99, false",
        "the staged files are gone and the count fits, false, 0, 0, 0, 0, 1, 99, true",
        "the staged files are gone and the count does not, false, 0, 0, 0, 0, 1, 98, false",
    })
    void onlyAsManyAsOthersHaveChanged(
            String what,
            boolean complete,
            long missing,
            long doubled,
            long unknown,
            long added,
            long deleted,
            long lakeRows,
            boolean explained) {
        assertThat(AuditJudge.isExplained(
                        new RowSearch.Result(complete, missing, doubled, unknown, List.of(), List.of()),
                        new ChangesByOthers(added, deleted),
                        100,
                        lakeRows))
                .as(what)
                .isEqualTo(explained);
    }

    @Test
    void whereStagedFilesAreGoneTheBatchesAreNamed() {
        List<AuditFinding> findings = AuditJudge.findings(
                new RowSearch.Result(false, 0, 0, 0, List.of(), List.of()),
                ChangesByOthers.NONE,
                false,
                List.of("batch-7"),
                -3);
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.DIFFERENT);
            assertThat(finding.batch()).isEqualTo("batch-7");
            assertThat(finding.message()).contains("3 rows fewer");
        });
    }
}
