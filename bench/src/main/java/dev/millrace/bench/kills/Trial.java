package dev.millrace.bench.kills;

import dev.millrace.bench.oracle.Verdict;
import dev.millrace.compactor.CompactResult;
import dev.millrace.ingester.IngestResult;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Rounds of faults, one after the other. After each, an undisturbed pipeline finishes the work and the oracle is asked.
 *
 * <p>A lake serves many rounds, so that a later one meets what earlier ones have left, until one has a finding. What is drawn in a
 * round follows from seed, fault and number. Belongs to one thread.
 */
final class Trial implements AutoCloseable {
    /** Keeps a round's check quick. */
    private static final int ROUNDS_OF_A_LAKE = 50;

    private static final Verdict NONE = new Verdict(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
    private static final long SPREAD = 1_000_003;

    private final Sites sites;
    private final long seed;
    private final Clock clock;
    private Pipeline sound;
    private int roundsOfLake;
    private int roundsInAll;

    Trial(Sites sites, long seed, Clock clock) {
        this.sites = sites;
        this.seed = seed;
        this.clock = clock;
    }

    /** Records what undisturbed processes pass. */
    Passings passings(Collection<Role> roles) {
        return Passings.record(lake(), roles);
    }

    /** Makes a round for each number. */
    Tally run(String fault, IntStream numbers, Round round) {
        return numbers.mapToObj(number -> once(fault, number, round)).reduce(Tally.none(fault), Tally::plus);
    }

    private Tally once(String fault, int number, Round round) {
        Random random = new Random((seed * SPREAD + fault.hashCode()) * SPREAD + number);
        String name = "r" + roundsInAll++;
        List<String> findings = new ArrayList<>();
        Verdict verdict = NONE;
        int struck = 0;
        Pipeline lake = lake();
        try {
            Round.Result result = round.run(lake, random, name);
            struck = result.struck();
            findings.addAll(result.findings());
            findings.addAll(finish(lake));
            verdict = lake.verdict();
            findings.addAll(verdict.findings());
            if (verdict.waiting() > 0) {
                findings.add(verdict.waiting() + " rows wait although everything was ingested");
            }
        } catch (RuntimeException e) {
            findings.add(e.toString());
        }
        if (!findings.isEmpty()) {
            giveUpLake();
        }
        String where = fault + ", round " + number + " of seed " + seed + " (" + name + " in "
                + lake.site().folder() + "): ";
        return Tally.none(fault)
                .plus(struck, verdict, findings.stream().map(where::concat).toList());
    }

    private static List<String> finish(Pipeline lake) {
        List<String> findings = new ArrayList<>();
        IngestResult ingested = lake.ingest(Pipeline.LEASE);
        if (!(ingested instanceof IngestResult.Done)) {
            findings.add("the next ingest did nothing: " + ingested);
        }
        CompactResult compacted = lake.compact();
        if (!(compacted instanceof CompactResult.Done)) {
            findings.add("the next compaction did nothing: " + compacted);
        }
        if (lake.orphans() > 0) {
            findings.add("the next compaction left " + lake.orphans() + " orphans");
        }
        return findings;
    }

    private Pipeline lake() {
        if (roundsOfLake == ROUNDS_OF_A_LAKE) {
            giveUpLake();
        }
        if (sound == null) {
            sound = Pipeline.create(sites.next(), clock);
        }
        roundsOfLake++;
        return sound;
    }

    private void giveUpLake() {
        if (sound != null) {
            sound.close();
            sound.site().close();
        }
        sound = null;
        roundsOfLake = 0;
    }

    @Override
    public void close() {
        giveUpLake();
    }
}
