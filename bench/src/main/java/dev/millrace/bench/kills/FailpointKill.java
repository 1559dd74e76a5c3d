package dev.millrace.bench.kills;

import dev.millrace.failpoint.Failpoint;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * SIGKILL for processes that stand at a failpoint, at any of the times that they pass it.
 *
 * @param inARow so many processes, one after the other; all but the first find what a killed one has left
 */
record FailpointKill(Failpoint failpoint, Passings passings, int inARow) implements Round {
    FailpointKill {
        if (inARow < 1) {
            throw new IllegalArgumentException("at least one process is killed in a round, not " + inARow);
        }
    }

    @Override
    public Result run(Pipeline sound, Random random, String name) {
        List<Role> roles = passings.roles(failpoint);
        if (roles.isEmpty()) {
            return new Result(0, List.of("no process ever passes " + failpoint));
        }
        for (int killed = 0; killed < inARow; killed++) {
            Role role = roles.get(random.nextInt(roles.size()));
            List<String> findings = kill(sound, role, random, name + "-" + killed);
            if (!findings.isEmpty()) {
                return new Result(killed, findings);
            }
        }
        return new Result(inARow, List.of());
    }

    private List<String> kill(Pipeline sound, Role role, Random random, String name) {
        // There may be less to do than when it was recorded; the first time always comes.
        for (int time = 1 + random.nextInt(passings.times(role, failpoint)); time > 0; time /= 2) {
            String attempt = name + "-" + time;
            role.prepare(sound, attempt);
            try (RoleProcess process = RoleProcess.start(
                    sound.site(), role, attempt, Pipeline.LEASE, Optional.of(new Halt(failpoint, time)))) {
                if (process.awaitHalt()) {
                    process.kill();
                    return List.of();
                }
                if (process.end() != RoleEnd.DONE) {
                    return List.of("a process of " + role + " that nobody disturbed ended with " + process.end() + ": "
                            + process.output());
                }
            }
        }
        return List.of("a process of " + role + " did not come to " + failpoint);
    }
}
