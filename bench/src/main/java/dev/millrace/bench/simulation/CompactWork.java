package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.CatalogState.DataFile;
import dev.millrace.bench.simulation.CatalogState.LeaseRow;
import dev.millrace.compactor.LakeFile;
import dev.millrace.compactor.MergePlanner;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.compactor.PartitionFiles;
import dev.millrace.compactor.PartitionState;
import dev.millrace.compactor.PlannedMerge;
import dev.millrace.lake.Activity;
import dev.millrace.lake.RunOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** A compactor: plan, take the lease, and step by step write merged files, then exchange them in one transaction. */
final class CompactWork extends LeasedWork {
    private static final int MERGES_A_STEP = 16;
    private static final int MAX_CHANGES_MEANWHILE = 5;

    private final MergePlanner planner;
    private List<PlannedMerge> left = List.of();
    private int changesMeanwhile;

    CompactWork(World world, String name, String host, int runs) {
        super(world, name, host, runs, Activity.COMPACT);
        this.planner = new MergePlanner(
                new MergePolicy(world.settings.targetFileBytes(), Duration.ZERO, MergePolicy.Extent.FULL));
    }

    /** One step of merges, written and not yet a part of the dataset. */
    private record Exchange(String id, List<PlannedMerge> merges, List<DataFile> written) {
        Set<String> inputs() {
            Set<String> paths = new LinkedHashSet<>();
            merges.forEach(merge -> merge.inputs().forEach(file -> paths.add(file.path())));
            return paths;
        }

        long rows() {
            return merges.stream().mapToLong(PlannedMerge::inputRows).sum();
        }
    }

    @Override
    void died() {
        super.died();
        left = List.of();
        changesMeanwhile = 0;
    }

    @Override
    int longestRest() {
        return 50;
    }

    @Override
    Step<?> start() {
        return plan(() -> left.isEmpty() ? Step.END : take(() -> plan(this::nextStep)));
    }

    private Step<?> plan(java.util.function.Supplier<Step<?>> then) {
        return Step.of(Operation.LOOK, () -> planner.plan(mergeable(world.catalog.newest()), Instant.EPOCH), merges -> {
            left = merges;
            return then.get();
        });
    }

    private static List<PartitionFiles> mergeable(CatalogState state) {
        Map<String, List<LakeFile>> files = new TreeMap<>();
        state.files().values().stream().filter(file -> !file.live().isEmpty()).forEach(file -> files.computeIfAbsent(
                        file.partition(), p -> new ArrayList<>())
                .add(new LakeFile(file.partition(), file.path(), file.live().size(), 0, file.bytes())));
        return files.entrySet().stream()
                .map(entry -> new PartitionFiles(PartitionState.of(entry.getKey()), entry.getValue()))
                .toList();
    }

    private Step<?> nextStep() {
        if (left.isEmpty()) {
            return end(RunOutcome.SUCCEEDED);
        }
        List<PlannedMerge> step = planner.nextStep(left, MERGES_A_STEP);
        String id = "m" + world.newNumber();
        return Step.of(Operation.WRITE_LAKE_FILES, () -> write(step, id), written -> {
            long rows = written.stream().mapToLong(DataFile::bytes).sum();
            long planned = step.stream().mapToLong(PlannedMerge::inputRows).sum();
            if (rows != planned && world.has(Protection.WRITTEN_ROWS_CHECK)) {
                return planAnew("the inputs have " + rows + " rows, not " + planned);
            }
            return exchange(new Exchange(id, step, written));
        });
    }

    /** What the rows of the inputs are when it is written. */
    private List<DataFile> write(List<PlannedMerge> step, String id) {
        CatalogState state = world.catalog.newest();
        Map<String, List<Integer>> rows = new LinkedHashMap<>();
        for (PlannedMerge merge : step) {
            for (LakeFile input : merge.inputs()) {
                DataFile file = state.files().get(input.path());
                if (file != null) {
                    if (!world.lakeData.contains(file.path())) {
                        throw new Violation("lake file " + file.path() + ", which a merge reads, is gone");
                    }
                    rows.computeIfAbsent(merge.partition(), p -> new ArrayList<>())
                            .addAll(file.live());
                }
            }
        }
        List<DataFile> written = new ArrayList<>();
        rows.forEach((partition, in) -> {
            if (!in.isEmpty()) {
                DataFile file = new DataFile(id + "-" + partition, partition, List.copyOf(in), in.size());
                world.writeLakeFile(file);
                written.add(file);
            }
        });
        return written;
    }

    private Step<?> exchange(Exchange step) {
        return this.<LeaseRow>transact(
                (transaction, commit) -> raiseToken(
                        transaction,
                        raised -> Step.of(
                                Operation.END_FILES,
                                () -> endFiles(transaction, step),
                                ended -> register(
                                        transaction,
                                        step,
                                        () -> countRegistered(transaction, step, registered -> {
                                            if (!registered.equals(ended) && world.has(Protection.ROW_COUNT_CHECK)) {
                                                throw new Failure(
                                                        Failure.Kind.ROW_COUNT,
                                                        ended + " rows ended, " + registered + " registered");
                                            }
                                            transaction.insertStep(step.id());
                                            return commit.apply(raised);
                                        })))),
                state -> world.catalog.hasStep(step.id()) ? Optional.of(reread(state)) : Optional.empty(),
                raised -> {
                    raised(raised);
                    world.tally.add(Event.MERGES);
                    left = left.stream()
                            .filter(merge -> !step.merges().contains(merge))
                            .toList();
                    return nextStep();
                });
    }

    private static Step<?> register(
            ModelTransaction transaction, Exchange step, java.util.function.Supplier<Step<?>> then) {
        return step.written().isEmpty()
                ? then.get()
                : Step.of(Operation.REGISTER, () -> transaction.register(step.written()), then);
    }

    private static Step<?> countRegistered(ModelTransaction transaction, Exchange step, Function<Long, Step<?>> then) {
        return Step.of(
                Operation.BEGIN,
                () -> step.written().stream()
                        .map(file -> transaction.view().files().get(file.path()))
                        .mapToLong(file -> file.live().size())
                        .sum(),
                then);
    }

    private long endFiles(ModelTransaction transaction, Exchange step) {
        long ended = transaction.end(step.inputs());
        if (ended != step.rows() && world.has(Protection.END_EXACTLY_PLANNED_ROWS)) {
            throw new Failure(Failure.Kind.CHANGED_MEANWHILE, "the inputs have " + ended + " rows, not " + step.rows());
        }
        return ended;
    }

    private Step<?> planAnew(String why) {
        world.tally.add(Event.CHANGED_MEANWHILE);
        if (++changesMeanwhile > MAX_CHANGES_MEANWHILE) {
            throw new Failure(Failure.Kind.BROKEN, why);
        }
        return plan(this::nextStep);
    }

    @Override
    Optional<Step<?>> after(Failure failure) {
        boolean changed = failure.kind() == Failure.Kind.CHANGED_MEANWHILE;
        if (!changed || changesMeanwhile >= MAX_CHANGES_MEANWHILE) {
            return Optional.empty();
        }
        goesOn();
        return Optional.of(planAnew(failure.getMessage()));
    }
}
