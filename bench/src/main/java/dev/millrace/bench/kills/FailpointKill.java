package dev.millrace.bench.kills;

import dev.millrace.failpoint.Failpoint;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** SIGKILL for a process that stands at a failpoint, at any of the times that it passes it. */
record FailpointKill(Failpoint failpoint, Passings passings) implements Round {
    @Override
    public Result run(Pipeline sound, Random random, String name) {
        List<Role> roles = passings.roles(failpoint);
        if (roles.isEmpty()) {
            return new Result(false, List.of("no process ever passes " + failpoint));
        }
        Role role = roles.get(random.nextInt(roles.size()));
        // There may be less to do than when it was recorded; the first time always comes.
        for (int time = 1 + random.nextInt(passings.times(role, failpoint)); time > 0; time /= 2) {
            String attempt = name + "-" + time;
            role.prepare(sound, attempt);
            try (RoleProcess process = RoleProcess.start(
                    sound.site(), role, attempt, Pipeline.LEASE, Optional.of(new Halt(failpoint, time)))) {
                if (process.awaitHalt()) {
                    process.kill();
                    return Result.STRUCK;
                }
                if (process.end() != RoleEnd.DONE) {
                    return Result.wrong("a process of " + role + " that nobody disturbed ended with " + process.end()
                            + ": " + process.output());
                }
            }
        }
        return new Result(false, List.of("a process of " + role + " did not come to " + failpoint));
    }
}
