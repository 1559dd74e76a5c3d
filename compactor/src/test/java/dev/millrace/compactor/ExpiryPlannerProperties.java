package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Proves of any lake that what is protected never expires, that nothing else outlives its time, and that the number is kept. */
class ExpiryPlannerProperties {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    /** Snapshots, some of them missing between others, with what is pinned and what is kept. */
    record Lake(List<Snapshot> snapshots, Set<Long> pinned, SnapshotRetention retention) {
        ExpiryPlan plan() {
            return new ExpiryPlanner(retention).plan(snapshots, pinned, NOW);
        }

        /** For how long each but the newest has been replaced. */
        Map<Long, Duration> replacedFor() {
            Map<Long, Duration> replaced = new HashMap<>();
            for (int i = 0; i + 1 < snapshots.size(); i++) {
                replaced.put(
                        snapshots.get(i).id(),
                        Duration.between(snapshots.get(i + 1).committedAt(), NOW));
            }
            return replaced;
        }

        List<Long> ids() {
            return snapshots.stream().map(Snapshot::id).toList();
        }

        Lake after(Collection<Long> expired) {
            return new Lake(
                    snapshots.stream().filter(s -> !expired.contains(s.id())).toList(), pinned, retention);
        }
    }

    @Property
    void theNewestThePinnedAndThoseOfTheGraceStay(@ForAll("lakes") Lake lake) {
        Map<Long, Duration> replacedFor = lake.replacedFor();
        assertThat(lake.plan().expiring()).allSatisfy(id -> {
            assertThat(lake.pinned()).doesNotContain(id);
            assertThat(replacedFor.get(id))
                    .isNotNull()
                    .isGreaterThanOrEqualTo(lake.retention().grace());
        });
    }

    @Property
    void whatIsReplacedForLongEnoughAndNotProtectedGoes(@ForAll("lakes") Lake lake) {
        Set<Long> expiring = new HashSet<>(lake.plan().expiring());
        Duration longest =
                max(lake.retention().keepSnapshots(), lake.retention().grace());
        lake.replacedFor().forEach((id, replacedFor) -> {
            if (replacedFor.compareTo(longest) >= 0) {
                assertThat(expiring.contains(id)).isNotEqualTo(lake.pinned().contains(id));
            }
        });
    }

    @Property
    void whatIsYoungGoesOnlyForTheNumberAndTheOldestFirst(@ForAll("lakes") Lake lake) {
        ExpiryPlan plan = lake.plan();
        Map<Long, Duration> replacedFor = lake.replacedFor();
        List<Long> young = plan.expiring().stream()
                .filter(id -> replacedFor.get(id).compareTo(lake.retention().keepSnapshots()) < 0)
                .toList();
        int left = lake.snapshots().size() - plan.expiring().size();
        if (!young.isEmpty()) {
            assertThat(left).isGreaterThanOrEqualTo(lake.retention().maxSnapshots());
            long last = young.get(young.size() - 1);
            assertThat(lake.ids().stream()
                            .filter(id -> id < last && !lake.pinned().contains(id)))
                    .allMatch(plan.expiring()::contains);
        }
    }

    @Property
    void noMoreThanTheNumberStayBesidesWhatIsProtected(@ForAll("lakes") Lake lake) {
        Set<Long> expiring = new HashSet<>(lake.plan().expiring());
        int left = lake.snapshots().size() - expiring.size();
        if (left > lake.retention().maxSnapshots()) {
            assertThat(lake.replacedFor()).allSatisfy((id, replacedFor) -> assertThat(expiring.contains(id)
                            || lake.pinned().contains(id)
                            || replacedFor.compareTo(lake.retention().grace()) < 0)
                    .isTrue());
        }
    }

    /** Whoever is killed after some of the steps leaves a lake in which the next run comes to the same end. */
    @Property
    void aRunThatWasInterruptedIsGoneOnWith(@ForAll("lakes") Lake lake, @ForAll @IntRange(min = 0, max = 60) int done) {
        List<Long> expiring = lake.plan().expiring();
        List<Long> first = expiring.subList(0, Math.min(done, expiring.size()));
        List<Long> rest = lake.after(first).plan().expiring();
        List<Long> both = new ArrayList<>(first);
        both.addAll(rest);
        assertThat(both).containsExactlyInAnyOrderElementsOf(expiring);
    }

    @Property
    void theCountsAreThoseOfTheLake(@ForAll("lakes") Lake lake) {
        ExpiryPlan plan = lake.plan();
        assertThat(plan.expiring()).isSorted().doesNotHaveDuplicates().isSubsetOf(lake.ids());
        assertThat(plan.snapshots()).isEqualTo(lake.snapshots().size());
        assertThat(plan.pinned()).isEqualTo((int)
                lake.ids().stream().filter(lake.pinned()::contains).count());
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    @Provide
    Arbitrary<Lake> lakes() {
        Arbitrary<List<Integer>> ages =
                Arbitraries.integers().between(0, 300).list().ofMaxSize(60);
        Arbitrary<Set<Long>> pinned = Arbitraries.longs().between(0, 130).set().ofMaxSize(6);
        Arbitrary<Integer> hours = Arbitraries.integers().between(0, 250);
        return Combinators.combine(
                        ages, pinned, hours, hours, Arbitraries.integers().between(1, 70))
                .as((hoursAgo, pins, keep, grace, max) -> new Lake(
                        snapshots(hoursAgo),
                        pins,
                        new SnapshotRetention(Duration.ofHours(keep), max, Duration.ofHours(grace))));
    }

    private static List<Snapshot> snapshots(List<Integer> hoursAgo) {
        List<Integer> sorted = hoursAgo.stream().sorted((a, b) -> b - a).toList();
        List<Snapshot> snapshots = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            snapshots.add(new Snapshot(2L * i, NOW.minus(Duration.ofHours(sorted.get(i)))));
        }
        return snapshots;
    }
}
