package dev.millrace.bench.kills;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Rounds one after the other, without a look at the lake between them: later ones find what earlier ones have left.
 *
 * @param rounds until one has a finding
 */
record InARow(List<Round> rounds) implements Round {
    InARow {
        rounds = List.copyOf(rounds);
    }

    @Override
    public Result run(Pipeline sound, Random random, String name) {
        int struck = 0;
        List<String> findings = new ArrayList<>();
        for (int i = 0; i < rounds.size() && findings.isEmpty(); i++) {
            Result result = rounds.get(i).run(sound, random, name + "-" + i);
            struck += result.struck();
            findings.addAll(result.findings());
        }
        return new Result(struck, findings);
    }
}
