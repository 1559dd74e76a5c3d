package dev.millrace.bench.kills;

import dev.millrace.lake.FencedException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The process of one role: {@code ROLE name lease site...}. */
final class RoleProgram {
    private static final int SITE = 3;

    private RoleProgram() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args), Clock.systemUTC()).code());
    }

    private static RoleEnd run(List<String> args, Clock clock) {
        try (Site site = Site.of(args.subList(SITE, args.size()), clock)) {
            return Role.valueOf(args.get(0)).run(site, args.get(1), Duration.parse(args.get(2)), clock);
        } catch (FencedException e) {
            System.err.println("fenced: " + e.getMessage());
            return RoleEnd.FENCED;
        }
    }
}
