package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/**
 * Proves of any lake that no orphan goes before its age or while a holder of a lease could commit it, and that more than the share goes
 * only where it is a handful.
 */
class OrphanPlannerProperties {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration AGE = Duration.ofDays(2);
    private static final String HELD = "main/held/";
    private static final String FREE = "main/free/";

    private static OrphanPlanner planner(int percent, Map<String, Instant> heldSince) {
        return new OrphanPlanner(new OrphanSettings(AGE, percent, Duration.ofDays(1)), NOW, heldSince);
    }

    private static UnknownFile file(String folder, long hoursOld) {
        return new UnknownFile(folder + "f.parquet", folder, 1, NOW.minus(Duration.ofHours(hoursOld)));
    }

    @Property
    void nothingGoesBeforeItsAge(@ForAll @LongRange(min = -1_000, max = 48) long hoursOld) {
        assertThat(planner(100, Map.of()).standing(file(FREE, hoursOld))).isEqualTo(OrphanPlanner.Standing.YOUNG);
    }

    @Property
    void whatIsOldEnoughGoesWhereNobodyHoldsTheDataset(@ForAll @LongRange(min = 49, max = 100_000) long hoursOld) {
        assertThat(planner(0, Map.of(HELD, Instant.MIN)).standing(file(FREE, hoursOld)))
                .isEqualTo(OrphanPlanner.Standing.DUE);
    }

    @Property
    void whatAHolderMayHaveMadeStaysHoweverOldItIs(
            @ForAll @LongRange(min = 49, max = 100_000) long hoursHeld,
            @ForAll @LongRange(min = 0, max = 100_000) long hoursLater) {
        OrphanPlanner planner = planner(100, Map.of(HELD, NOW.minus(Duration.ofHours(hoursHeld))));
        assertThat(planner.standing(file(HELD, Math.max(0, hoursHeld - hoursLater))))
                .isNotEqualTo(OrphanPlanner.Standing.DUE);
    }

    @Property
    void whatWasThereLongBeforeTheHolderGoes(
            @ForAll @LongRange(min = 0, max = 100_000) long hoursHeld,
            @ForAll @LongRange(min = 49, max = 100_000) long hoursBefore) {
        OrphanPlanner planner = planner(10, Map.of(HELD, NOW.minus(Duration.ofHours(hoursHeld))));
        assertThat(planner.standing(file(HELD, hoursHeld + hoursBefore))).isEqualTo(OrphanPlanner.Standing.DUE);
    }

    @Property
    void wherePeopleCannotBeSeenEverythingStays(@ForAll @LongRange(min = -10, max = 1_000_000) long hoursOld) {
        assertThat(planner(100, Map.of(HELD, Instant.MIN)).standing(file(HELD, hoursOld)))
                .isNotEqualTo(OrphanPlanner.Standing.DUE);
    }

    @Property
    void moreThanTheShareGoesOnlyWhereItIsAHandful(
            @ForAll @IntRange(max = 99) int percent,
            @ForAll @LongRange(min = 1, max = 2_000_000) long due,
            @ForAll @LongRange(min = 1, max = 2_000_000) long known) {
        OrphanPlan plan = planner(percent, Map.of()).plan(lakeData(known + due, known, known, 0), orphans(due));
        boolean mayGo = due <= OrphanPlanner.HANDFUL || (double) due / (known + due) * 100 <= percent + 1e-9;
        assertThat(plan)
                .isInstanceOf(mayGo ? OrphanPlan.Removal.class : OrphanPlan.Refusal.class)
                .satisfies(p -> assertThat(p.orphans()).isEqualTo(orphans(due)));
    }

    @Property
    void aCatalogThatFitsNothingThereIsNeverFollowed(
            @ForAll @IntRange(max = 100) int percent,
            @ForAll @LongRange(min = 1, max = 1_000) long due,
            @ForAll @LongRange(min = 1, max = 1_000) long named) {
        assertThat(planner(percent, Map.of()).plan(lakeData(due, named, 0, 0), orphans(due)))
                .isInstanceOfSatisfying(OrphanPlan.Refusal.class, refusal -> assertThat(refusal.reason())
                        .isEqualTo(OrphanPlan.Reason.NONE_FOUND));
        assertThat(planner(percent, Map.of()).plan(lakeData(due + named, named, named, 1), orphans(due)))
                .isInstanceOfSatisfying(OrphanPlan.Refusal.class, refusal -> assertThat(refusal.reason())
                        .isEqualTo(OrphanPlan.Reason.UNPLACED));
    }

    @Property
    void anEmptyCatalogIsFollowedOnlyWhenAllMayGo(
            @ForAll @IntRange(max = 99) int percent, @ForAll @LongRange(min = 1, max = 1_000) long due) {
        assertThat(planner(percent, Map.of()).plan(lakeData(due, 0, 0, 0), orphans(due)))
                .isInstanceOfSatisfying(OrphanPlan.Refusal.class, refusal -> assertThat(refusal.reason())
                        .isEqualTo(OrphanPlan.Reason.NONE_NAMED));
        assertThat(planner(100, Map.of()).plan(lakeData(due, 0, 0, 0), orphans(due)))
                .isInstanceOf(OrphanPlan.Removal.class);
    }

    @Property
    void whereNothingIsDueNothingIsRefused(
            @ForAll @LongRange(max = 10) long named, @ForAll @LongRange(max = 10) long found) {
        assertThat(planner(10, Map.of()).plan(lakeData(5, named, Math.min(named, found), 1), Orphans.NONE))
                .isInstanceOf(OrphanPlan.Removal.class);
    }

    @Property
    void everyFileIsCountedOnceAndSomeThatAreDueAreNamed(@ForAll("files") List<UnknownFile> files) {
        OrphanPlanner planner = planner(10, Map.of(HELD, NOW.minus(Duration.ofHours(100))));
        Orphans orphans = Orphans.NONE;
        for (UnknownFile file : files) {
            orphans = orphans.plus(file, planner.standing(file));
        }
        assertThat(orphans.due().files()
                        + orphans.young().files()
                        + orphans.inFlight().files())
                .isEqualTo(files.size());
        assertThat(orphans.due().bytes()
                        + orphans.young().bytes()
                        + orphans.inFlight().bytes())
                .isEqualTo(files.stream().mapToLong(UnknownFile::bytes).sum());
        assertThat(orphans.examples()).hasSize((int) Math.min(3, orphans.due().files()));
        assertThat(files.stream()
                        .filter(file -> planner.standing(file) == OrphanPlanner.Standing.DUE)
                        .map(UnknownFile::key))
                .containsAll(orphans.examples());
    }

    @Provide
    Arbitrary<List<UnknownFile>> files() {
        return Combinators.combine(
                        Arbitraries.of(HELD, FREE),
                        Arbitraries.integers().between(0, 1_000_000),
                        Arbitraries.longs().between(1, 1_000_000),
                        Arbitraries.longs().between(-10, 400))
                .as((folder, name, bytes, hours) ->
                        new UnknownFile(folder + name + ".parquet", folder, bytes, NOW.minus(Duration.ofHours(hours))))
                .list()
                .ofMaxSize(60);
    }

    private static LakeData lakeData(long files, long named, long found, long unplaced) {
        return new LakeData(new FileCount(files, files), 0, 0, named, found, unplaced);
    }

    private static Orphans orphans(long due) {
        return new Orphans(new FileCount(due, due), FileCount.NONE, FileCount.NONE, List.of("main/t/a.parquet"));
    }
}
