package dev.millrace.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeStand;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Proves that the model does what the real pipeline does: the same moves on both, with the same runs killed, failed and held
 * at the same failpoints, and the same to be seen after each move. {@code -Dmillrace.scenarios=200} runs more of them,
 * {@code -Dmillrace.scenarios.from=100} others.
 */
@Tag("slow")
@Tag("stand")
class ScenarioTest {
    private static final int EMBEDDED_SEEDS = 15;
    private static final int SERVED_SEEDS = 5;

    @TempDir
    static Path folder;

    private static RealPipeline real;

    @BeforeAll
    static void makeTheLake() {
        real = new RealPipeline(
                folder, seeds().mapToObj(seed -> Scenario.of(seed).dataset()).toList());
    }

    @AfterAll
    static void close() {
        real.close();
    }

    static LongStream seeds() {
        int standard = LakeStand.isOnPostgres() ? SERVED_SEEDS : EMBEDDED_SEEDS;
        long from = Long.getLong("millrace.scenarios.from", 1);
        return LongStream.range(from, from + Integer.getInteger("millrace.scenarios", standard));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void modelAndPipelineDoTheSame(long seed) {
        Scenario scenario = Scenario.of(seed);
        ModelPipeline model = new ModelPipeline(LakeStand.isOnPostgres() ? Isolation.SERVED : Isolation.EMBEDDED);
        real.begin(scenario.dataset());
        for (int i = 0; i < scenario.moves().size(); i++) {
            Move move = scenario.moves().get(i);
            model.make(move);
            real.make(move);
            assertThat(real.observe())
                    .as("seed %d after move %d of %s", seed, i, scenario.moves().subList(0, i + 1))
                    .usingRecursiveComparison()
                    .isEqualTo(model.observe());
        }
        model.requireDone();
    }
}
