package dev.millrace.bench.kills;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.apache.commons.io.file.PathUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kills processes of the pipeline at every failpoint and at any moment, and checks after each that nothing was lost or doubled. */
@Command(
        name = "kills",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Kills processes of the pipeline at every failpoint and at any moment, lets holders of a lease go stale, and",
            "has two ingesters race for the same files. After each round an undisturbed pipeline finishes the work, and",
            "every row that a producer was told is staged is looked for.",
            "Exit code 1 when anything was lost, doubled, missing or wrongly deleted; the seed repeats it."
        })
public final class KillsCommand implements Callable<Integer> {
    private static final int FOUND = 1;

    @Option(names = "--mode", description = "embedded: folders and SQLite; served: MinIO and PostgreSQL")
    private Mode mode = Mode.EMBEDDED;

    @Option(
            names = "--dataset-mode",
            description = "append: each row is added; upsert: it replaces or deletes the one with its key")
    private DatasetMode datasetMode = DatasetMode.APPEND;

    @Option(
            names = "--role",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "kills only processes of this one, no stale holders and no races: ${COMPLETION-CANDIDATES}")
    private Optional<Role> role = Optional.empty();

    @Option(names = "--rounds", description = "rounds at each failpoint")
    private int rounds = 2;

    @Option(names = "--in-a-row", description = "kills at the failpoint in each of them, before the lake is looked at")
    private int inARow = 1;

    @Option(
            names = "--failpoint",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "only this one, and no other faults; may be given several times")
    private List<Failpoint> failpoints = List.of();

    @Option(names = "--random", description = "kills at any moment")
    private int random = 20;

    @Option(names = "--stale", description = "ingesters that stand still for longer than their lease")
    private int stale = 20;

    @Option(names = "--races", description = "races of two ingesters for the same files")
    private int races = 100;

    @Option(names = "--lanes", description = "rounds at once, each on a lake of its own")
    private int lanes = 2;

    @Option(
            names = "--seed",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "repeats the run that had it; drawn when it is not given")
    private Optional<Long> seed = Optional.empty();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("millrace-kills-");
        List<Tally> tallies;
        if (mode == Mode.EMBEDDED) {
            tallies = run(Sites.embedded(datasetMode, folder, clock));
        } else {
            try (LocalServers servers = LocalServers.start(EnumSet.of(Server.MINIO, Server.POSTGRES))) {
                tallies = run(Sites.served(datasetMode, folder, servers, clock));
            }
        }
        return report(tallies, folder);
    }

    private List<Tally> run(Sites sites) {
        long drawn = seed.orElseGet(() -> new Random().nextLong());
        PrintWriter out = spec.commandLine().getOut();
        out.println(mode + ", " + datasetMode + ", seed " + drawn);
        out.println(Tally.heading());
        List<Tally> tallies = new ArrayList<>();
        try (Lanes faults = new Lanes(sites, drawn, clock, lanes)) {
            Passings passings = faults.passings(role.map(EnumSet::of).orElseGet(() -> EnumSet.allOf(Role.class)));
            for (Failpoint each : failpoints.isEmpty() ? passed(passings) : failpoints) {
                make(faults, each.name(), rounds, new FailpointKill(each, passings, inARow))
                        .ifPresent(tallies::add);
            }
            if (failpoints.isEmpty()) {
                make(faults, "any moment", random, new RandomKill(passings)).ifPresent(tallies::add);
            }
            if (failpoints.isEmpty() && role.isEmpty()) {
                make(faults, "stale holder", stale, new StaleHolder(passings, clock))
                        .ifPresent(tallies::add);
                make(faults, "race of two ingesters", races, new Race(clock)).ifPresent(tallies::add);
            }
        }
        return tallies;
    }

    /** An append dataset's processes pass all of them, each somewhere. */
    private List<Failpoint> passed(Passings passings) {
        return Arrays.stream(Failpoint.values())
                .filter(each -> (datasetMode == DatasetMode.APPEND && role.isEmpty())
                        || !passings.roles(each).isEmpty())
                .toList();
    }

    private Optional<Tally> make(Lanes faults, String fault, int times, Round round) {
        if (times == 0) {
            return Optional.empty();
        }
        Tally tally = faults.run(fault, times, round);
        PrintWriter out = spec.commandLine().getOut();
        out.println(tally.toLine());
        tally.findings().forEach(out::println);
        out.flush();
        return Optional.of(tally);
    }

    private int report(List<Tally> tallies, Path folder) throws IOException {
        Tally total = tallies.stream().reduce(Tally.none("total"), Tally::plus);
        PrintWriter out = spec.commandLine().getOut();
        out.println(total.toLine());
        if (total.findings().isEmpty()) {
            PathUtils.deleteDirectory(folder);
            return CommandLine.ExitCode.OK;
        }
        out.println(total.findings().size() + " findings, each with the seed that repeats it; what is left of the lakes"
                + " is in " + folder);
        return FOUND;
    }
}
