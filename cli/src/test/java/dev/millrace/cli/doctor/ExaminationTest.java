package dev.millrace.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Proves that a check that fails or hangs costs its own result and time, and nothing else. */
class ExaminationTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final CountDownLatch hanging = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        hanging.countDown();
    }

    private static Examination examination(Duration budget) {
        return new Examination(budget, new FailureWords(Throwable::getMessage));
    }

    private static Step step(String name, Lane lane, Check check) {
        return Step.of(Group.LAKE, name, lane, check).orElse("call the miller");
    }

    private Step hanging(Lane lane) {
        return step("hanging", lane, () -> {
                    awaitUninterruptibly(hanging);
                    return Finding.ok("late");
                })
                .within(SHORT);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                latch.await();
                done = true;
            } catch (InterruptedException e) {
                // As native code does, which knows nothing of interrupts.
            }
        }
    }

    @Test
    void aHangingCheckIsGivenUpWithItsLaneWhileTheOthersGoOn() {
        Step hanging = hanging(Lane.STAGING);
        Step sameLane = step("same lane", Lane.STAGING, () -> Finding.ok("never"));
        Step dependent =
                step("dependent", Lane.ENGINE, () -> Finding.ok("never")).needing(hanging);
        Step independent = step("independent", Lane.ENGINE, () -> Finding.ok("well"));
        try (Examination examination = examination(LONG)) {
            examination.run(List.of(hanging, sameLane, dependent, independent));

            assertThat(examination.result(hanging).finding())
                    .isEqualTo(Finding.failed("no answer within 0.1 s", "call the miller"));
            assertThat(examination.result(sameLane).finding().seen()).contains("still hangs");
            assertThat(examination.result(dependent).finding())
                    .isEqualTo(Finding.skipped("needs 'lake: hanging', which failed"));
            assertThat(examination.result(independent).finding().status()).isEqualTo(Status.OK);
            assertThat(examination.diagnosis().verdict()).isEqualTo(Verdict.BROKEN);
        }
    }

    @Test
    void aCheckThatOnlyCountsWarnsWhenItIsLate() {
        Step counting = hanging(Lane.ENGINE).warningWhenLate();
        try (Examination examination = examination(LONG)) {
            examination.run(List.of(counting));

            assertThat(examination.diagnosis().verdict()).isEqualTo(Verdict.DEGRADED);
        }
    }

    @Test
    void whenTheBudgetIsUsedUpNothingMoreIsBegun() {
        Step patient = hanging(Lane.STAGING).within(LONG).warningWhenLate();
        Step after = step("after", Lane.ENGINE, () -> Finding.ok("never")).needing(patient);
        try (Examination examination = examination(SHORT)) {
            examination.run(List.of(patient, after));

            assertThat(examination.result(patient).finding().seen()).startsWith("no answer within");
            assertThat(examination.result(after).finding().seen()).startsWith("no time left");
        }
    }

    @Test
    void aFailureSaysWhatToDoAndIsNamedByAllThatNeedIt() {
        Step own = step("own words", Lane.ENGINE, () -> {
            throw new IllegalStateException("the wheel is stuck; oil it");
        });
        Step bare = step("bare", Lane.STAGING, () -> {
            throw new IllegalStateException("the wheel is stuck");
        });
        Step next = step("next", Lane.ENGINE, () -> Finding.ok("never")).needing(own);
        Step last = step("last", Lane.DISK, () -> Finding.ok("never")).needing(next);
        try (Examination examination = examination(LONG)) {
            examination.run(List.of(own, bare, next, last));

            assertThat(examination.result(own).finding()).isEqualTo(Finding.failed("the wheel is stuck", "oil it"));
            assertThat(examination.result(bare).finding())
                    .isEqualTo(Finding.failed("the wheel is stuck", "call the miller"));
            assertThat(examination.result(last).finding())
                    .isEqualTo(Finding.skipped("needs 'lake: own words', which failed"));
            assertThat(examination.result(last).elapsed()).isZero();
        }
    }

    @Test
    void anErrorOfTheEngineIsAFailureToo() {
        Step broken = step("broken", Lane.ENGINE, () -> {
            throw new UnsatisfiedLinkError("no duckdb_java in java.library.path");
        });
        try (Examination examination = examination(LONG)) {
            examination.run(List.of(broken));

            assertThat(examination.result(broken).finding().seen()).contains("duckdb_java");
        }
    }

    @Test
    void resultsStandInTheOrderOfTheGroups() {
        Step disk = Step.of(Group.DISK, "space", Lane.DISK, () -> Finding.ok("much"));
        Step staging = Step.of(Group.STAGING, "list", Lane.STAGING, () -> Finding.ok("empty"));
        try (Examination examination = examination(LONG)) {
            examination.run(List.of(disk));
            examination.run(List.of(staging.needing(disk)));

            assertThat(examination.diagnosis().checks())
                    .extracting(Examined::check)
                    .containsExactly("list", "space");
        }
    }

    @Test
    void whatIsOpenedIsClosedAlsoWhenItOpensTooLate() {
        AtomicBoolean inTime = new AtomicBoolean(true);
        AtomicBoolean late = new AtomicBoolean(true);
        try (Examination examination = examination(LONG)) {
            Opened<AutoCloseable> first = examination.shared(Lane.STAGING);
            Opened<AutoCloseable> second = examination.shared(Lane.ENGINE);
            examination.run(List.of(
                    step("in time", Lane.STAGING, () -> {
                        first.keep(() -> inTime.set(false));
                        return Finding.ok("opened");
                    }),
                    step("late", Lane.ENGINE, () -> {
                                awaitUninterruptibly(hanging);
                                second.keep(() -> late.set(false));
                                return Finding.ok("opened");
                            })
                            .within(SHORT)));
            assertThat(inTime).isTrue();
        }
        assertThat(inTime).isFalse();
        hanging.countDown();
        await().untilFalse(late);
    }
}
