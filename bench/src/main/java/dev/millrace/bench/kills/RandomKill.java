package dev.millrace.bench.kills;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** SIGKILL for a process that is at work, at any moment. */
record RandomKill(Passings passings) implements Round {
    @Override
    public Result run(Pipeline sound, Random random, String name) {
        List<Role> roles = passings.roles();
        Role role = roles.get(random.nextInt(roles.size()));
        Duration moment = Duration.ofNanos(
                (long) (random.nextDouble() * passings.workTime(role).toNanos()));
        role.prepare(sound, name);
        try (RoleProcess process = RoleProcess.start(sound.site(), role, name, Pipeline.LEASE, Optional.empty())) {
            if (!process.awaitFirstPassing() || process.endsWithin(moment)) {
                return process.end() == RoleEnd.DONE
                        ? Result.MISSED
                        : Result.wrong("a process of " + role + " that nobody disturbed ended with " + process.end()
                                + ": " + process.output());
            }
            process.kill();
            return Result.STRUCK;
        }
    }
}
