package dev.millrace.bench.kills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.bench.oracle.EventRows;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a trial notices a round that does harm, names it, and goes on with another lake; and that a seed draws the same again. */
@Tag("slow")
class TrialTest {
    private static final long SEED = 4;

    @TempDir
    private Path folder;

    private final Clock clock = Clock.systemUTC();

    @Test
    void aStagedFileThatIsDeletedTooEarlyIsALossOfItsRound() {
        Tally tally = run((sound, random, name) -> {
            EventProducer.stage(sound.site(), name);
            if (name.equals("r1")) {
                sound.site().staging().list(EventRows.DATASET + "/", page -> sound.site()
                        .staging()
                        .delete(List.of(page.get(0).key())));
            }
            return Round.Result.STRUCK;
        });

        assertThat(tally.struck()).isEqualTo(tally.rounds()).isEqualTo(3);
        assertThat(tally.lost()).isPositive();
        assertThat(tally.wronglyDeleted()).isEqualTo(1);
        assertThat(tally.findings()).allMatch(finding -> finding.startsWith("harm, round 1 of seed 4 (r1 in "));
    }

    @Test
    void whatIsWrongWithTheProcessItselfIsAFinding() {
        Tally tally = run((sound, random, name) -> {
            throw new IllegalStateException("it hangs");
        });

        assertThat(tally.findings()).hasSize(3).allMatch(finding -> finding.endsWith("it hangs"));
    }

    @Test
    void aSeedDrawsTheSameAgain() {
        List<Integer> drawn = new ArrayList<>();
        Round draw = (sound, random, name) -> {
            drawn.add(random.nextInt());
            return Round.Result.MISSED;
        };
        run(draw);
        run(draw);

        assertThat(drawn.subList(0, 3)).isEqualTo(drawn.subList(3, 6)).doesNotHaveDuplicates();
    }

    private Tally run(Round round) {
        try (Trial trial = new Trial(Sites.embedded(DatasetMode.APPEND, folder, clock), SEED, clock)) {
            return trial.run("harm", IntStream.range(0, 3), round);
        }
    }
}
