package dev.millrace.bench.kills;

import java.util.List;
import java.util.Random;

/** One fault, made once on a lake that is in order; what it leaves behind is for others to finish and to check. */
interface Round {
    /**
     * What came of it.
     *
     * @param struck whether the fault happened: the process was killed, the holder was stale, the ingesters met
     * @param findings what was wrong with how the process itself took it
     */
    record Result(boolean struck, List<String> findings) {
        static final Result STRUCK = new Result(true, List.of());
        static final Result MISSED = new Result(false, List.of());

        static Result wrong(String finding) {
            return new Result(true, List.of(finding));
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
