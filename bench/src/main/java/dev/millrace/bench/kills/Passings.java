package dev.millrace.bench.kills;

import dev.millrace.failpoint.Failpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an undisturbed process of each role passes, and how long it is at work. */
final class Passings {
    private record Work(List<Failpoint> passed, Duration time) {}

    private final Map<Role, Work> recorded;

    private Passings(Map<Role, Work> recorded) {
        this.recorded = recorded;
    }

    /** Runs a process of each role to its end. */
    static Passings record(Pipeline sound, Collection<Role> roles) {
        Map<Role, Work> recorded = new EnumMap<>(Role.class);
        for (Role role : roles) {
            String name = "recorded-" + role;
            role.prepare(sound, name);
            try (RoleProcess process = RoleProcess.start(sound.site(), role, name, Pipeline.LEASE, Optional.empty())) {
                process.awaitFirstPassing();
                Instant begun = process.lastPassing();
                if (process.end() != RoleEnd.DONE) {
                    throw new IllegalStateException(
                            "an undisturbed process of " + role + " failed: " + process.output());
                }
                recorded.put(role, new Work(process.passed(), Duration.between(begun, process.lastPassing())));
            }
            // Each begins where a round does.
            sound.ingest(Pipeline.LEASE);
            sound.compact();
        }
        return new Passings(recorded);
    }

    /** Of whom it is known. */
    List<Role> roles() {
        return List.copyOf(recorded.keySet());
    }

    /** Who passes a failpoint. */
    List<Role> roles(Failpoint failpoint) {
        return recorded.keySet().stream()
                .filter(role -> times(role, failpoint) > 0)
                .toList();
    }

    /** How often a role passes a failpoint. */
    int times(Role role, Failpoint failpoint) {
        return (int)
                recorded.get(role).passed().stream().filter(failpoint::equals).count();
    }

    /** From its first passing to its last. */
    Duration workTime(Role role) {
        return recorded.get(role).time();
    }
}
