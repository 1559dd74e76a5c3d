package dev.millrace.bench.kills;

import java.util.List;
import java.util.Random;

/** A fault, made on a lake that is in order, once or some times in a row; what it leaves behind is for others to finish and to check. */
interface Round {
    /**
     * What came of it.
     *
     * @param struck how often the fault happened: a process was killed, the holder was stale, the ingesters met
     * @param findings what was wrong with how the process itself took it
     */
    record Result(int struck, List<String> findings) {
        static final Result STRUCK = new Result(1, List.of());
        static final Result MISSED = new Result(0, List.of());

        static Result wrong(String finding) {
            return new Result(1, List.of(finding));
        }
    }

    /**
     * Makes the fault.
     *
     * @param sound the undisturbed pipeline of the same lake
     * @param random decides everything that is left open
     * @param name new with every round of a lake
     */
    Result run(Pipeline sound, Random random, String name);
}
