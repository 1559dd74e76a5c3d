package dev.millrace.bench;

import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets contenders do the same workload in turn, round after round, each in another order, on files staged anew for every
 * round. For one thread.
 */
final class SideBySide {
    private final Stand stand;
    private final List<Contender> contenders;
    private final Consumer<String> progress;

    /** @param progress told in a line what is being done */
    SideBySide(Stand stand, List<Contender> contenders, Consumer<String> progress) {
        this.stand = stand;
        this.contenders = List.copyOf(contenders);
        this.progress = progress;
    }

    /** What a contender took, in all and for its parts. */
    record Result(Contender contender, Times times, Map<String, Times> parts) {}

    /**
     * Runs.
     *
     * @throws BenchException when a contender did not do its work
     */
    List<Result> run(Workload workload, int rounds) {
        Map<Contender, List<Duration>> times = new LinkedHashMap<>();
        Map<Contender, Map<String, List<Duration>>> parts = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            times.put(contender, new ArrayList<>());
            parts.put(contender, new LinkedHashMap<>());
        }
        for (int round = 0; round < rounds; round++) {
            DatasetName dataset = DatasetName.parse("small_files_" + (round + 1));
            progress.accept("round " + (round + 1) + " of " + rounds + ": staging " + workload.files() + " files");
            workload.stage(stand.staging(), dataset);
            for (int turn = 0; turn < contenders.size(); turn++) {
                Contender contender = contenders.get((round + turn) % contenders.size());
                try (Contender.Attempt attempt = contender.prepare(workload, dataset)) {
                    long begun = System.nanoTime();
                    Map<String, Duration> phases = attempt.run();
                    Duration took = Duration.ofNanos(System.nanoTime() - begun);
                    attempt.verify();
                    times.get(contender).add(took);
                    phases.forEach((phase, duration) -> parts.get(contender)
                            .computeIfAbsent(phase, p -> new ArrayList<>())
                            .add(duration));
                    progress.accept("  " + contender.name() + ": " + took.toMillis() + " ms");
                }
            }
        }
        return contenders.stream()
                .map(contender -> result(contender, times.get(contender), parts.get(contender)))
                .toList();
    }

    private static Result result(Contender contender, List<Duration> times, Map<String, List<Duration>> parts) {
        Map<String, Times> medians = new LinkedHashMap<>();
        parts.forEach((part, durations) -> medians.put(part, new Times(durations)));
        return new Result(contender, new Times(times), medians);
    }
}
