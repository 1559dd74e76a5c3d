package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.Move.How;
import dev.millrace.bench.simulation.Move.Stop;
import dev.millrace.bench.simulation.Move.Who;
import dev.millrace.failpoint.Failpoint;
import dev.millrace.schemas.BatchId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/** A short list of moves that comes of a seed, and ends when nobody is held any more and everything is loaded. */
record Scenario(String dataset, List<Move> moves) {
    static final Duration LEASE = Duration.ofHours(1);
    static final Duration SETTLE = Duration.ofHours(3);
    static final Duration RETAIN_STAGED = Duration.ofHours(24);
    static final int BATCH_FILES = 2;
    static final int BATCH_PARTITIONS = 2;

    private static final int MAX_MOVES = 9;
    private static final List<Duration> WAITS =
            List.of(Duration.ofMinutes(20), Duration.ofHours(2), Duration.ofHours(30));

    private static final Map<Who, List<Failpoint>> FAILPOINTS = new EnumMap<>(Map.of(
            Who.INGESTER_A, ofLeasedRuns(Failpoint.BEFORE_INSERT_LEDGER, Failpoint.AFTER_INSERT_LEDGER),
            Who.INGESTER_B, ofLeasedRuns(Failpoint.BEFORE_INSERT_LEDGER, Failpoint.AFTER_INSERT_LEDGER),
            Who.COMPACTOR, ofLeasedRuns(Failpoint.BEFORE_END_FILES, Failpoint.AFTER_END_FILES),
            Who.SWEEPER,
                    List.of(
                            Failpoint.BEFORE_LIST_PAGE,
                            Failpoint.AFTER_LIST_PAGE,
                            Failpoint.BEFORE_DELETE,
                            Failpoint.AFTER_DELETE)));

    private static List<Failpoint> ofLeasedRuns(Failpoint... more) {
        List<Failpoint> failpoints = new ArrayList<>(List.of(more));
        failpoints.addAll(List.of(
                Failpoint.BEFORE_TAKE_LEASE,
                Failpoint.AFTER_TAKE_LEASE,
                Failpoint.BEFORE_WRITE_LAKE_FILES,
                Failpoint.AFTER_WRITE_LAKE_FILES,
                Failpoint.BEFORE_RAISE_TOKEN,
                Failpoint.AFTER_RAISE_TOKEN,
                Failpoint.BEFORE_REGISTER,
                Failpoint.AFTER_REGISTER,
                Failpoint.BEFORE_COMMIT,
                Failpoint.AFTER_COMMIT,
                Failpoint.BEFORE_RELEASE_LEASE,
                Failpoint.AFTER_RELEASE_LEASE));
        return failpoints;
    }

    static Scenario of(long seed) {
        return new Draft("trips" + seed, new SplittableRandom(seed)).scenario();
    }

    /** A scenario in the making. */
    private static final class Draft {
        private final String dataset;
        private final SplittableRandom random;
        private final List<Move> moves = new ArrayList<>();
        private final Set<Who> held = EnumSet.noneOf(Who.class);
        private int files;
        private int rows;

        Draft(String dataset, SplittableRandom random) {
            this.dataset = dataset;
            this.random = random;
        }

        Scenario scenario() {
            stage();
            for (int i = 0; i < MAX_MOVES; i++) {
                next();
            }
            held.forEach(who -> moves.add(new Move.GoOn(who)));
            moves.add(new Move.Wait(Duration.ofHours(50)));
            for (Who who : List.of(Who.INGESTER_A, Who.COMPACTOR, Who.SWEEPER)) {
                moves.add(new Move.Run(who, Optional.empty()));
            }
            return new Scenario(dataset, moves);
        }

        private void next() {
            switch (random.nextInt(8)) {
                case 0 -> stage();
                case 1 -> moves.add(new Move.Wait(WAITS.get(random.nextInt(WAITS.size()))));
                case 2 -> held.stream().findAny().ifPresentOrElse(this::goOn, this::stageUnreadable);
                case 3 -> run(Who.COMPACTOR);
                case 4 -> run(Who.SWEEPER);
                default -> run(random.nextBoolean() ? Who.INGESTER_A : Who.INGESTER_B);
            }
        }

        private void goOn(Who who) {
            held.remove(who);
            moves.add(new Move.GoOn(who));
        }

        private void run(Who who) {
            if (held.contains(who)) {
                goOn(who);
                return;
            }
            Optional<Stop> stop = random.nextInt(3) == 0
                    ? Optional.empty()
                    : Optional.of(
                            stop(FAILPOINTS.get(who), List.of(How.values()).get(random.nextInt(How.values().length))));
            if (stop.isPresent() && stop.orElseThrow().how() == How.IS_HELD) {
                held.add(who);
            }
            moves.add(new Move.Run(who, stop));
        }

        private Stop stop(List<Failpoint> failpoints, How how) {
            return new Stop(failpoints.get(random.nextInt(failpoints.size())), 1 + random.nextInt(3), how);
        }

        private void stage() {
            List<Move.File> staged = new ArrayList<>();
            int count = 1 + random.nextInt(4);
            String producer = "p" + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                int size = 1 + random.nextInt(5);
                staged.add(new Move.File(key(producer), random.nextInt(3), rows, size));
                rows += size;
            }
            How how = random.nextBoolean() ? How.THROWS : How.CRASHES_HERE;
            Optional<Stop> stop = random.nextInt(3) != 0
                    ? Optional.empty()
                    : Optional.of(stop(List.of(Failpoint.BEFORE_PUT, Failpoint.AFTER_PUT), how));
            moves.add(new Move.Stage(staged, stop));
        }

        private void stageUnreadable() {
            moves.add(new Move.StageUnreadable(key("stranger")));
        }

        private String key(String producer) {
            return dataset + "/" + producer + "/" + BatchId.part(new UUID(0, 1), ++files) + ".parquet";
        }
    }
}
