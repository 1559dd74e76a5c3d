package dev.millrace.bench.concurrency;

import dev.millrace.bench.BenchException;
import dev.millrace.bench.Machine;
import dev.millrace.bench.PlainDuckDb;
import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Server;
import dev.millrace.lake.SessionOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** The servers of some runs, started for them, or none; and an empty site for each run. For one thread. */
final class Ground implements AutoCloseable {
    private final Optional<LocalServers> servers;
    private int sites;

    private Ground(Optional<LocalServers> servers) {
        this.servers = servers;
    }

    static Ground prepare(Mode mode) {
        return new Ground(
                mode == Mode.SERVED
                        ? Optional.of(LocalServers.start(EnumSet.of(Server.MINIO, Server.POSTGRES)))
                        : Optional.empty());
    }

    Mode mode() {
        return servers.isPresent() ? Mode.SERVED : Mode.EMBEDDED;
    }

    /** The address of a site that nobody has used. */
    SiteAddress newSite(RunFolder folder) {
        if (servers.isEmpty()) {
            return new SiteAddress(Mode.EMBEDDED, folder.sub("site").toString());
        }
        String name = "run" + ++sites;
        servers.orElseThrow().createDatabase(name);
        return new SiteAddress(Mode.SERVED, name);
    }

    Site open(SiteAddress address) {
        return servers.map(running -> Site.served(running, address.place()))
                .orElseGet(() -> Site.embedded(Path.of(address.place())));
    }

    /** What a process needs on its command line to find the servers. */
    List<String> jvmArguments() {
        return servers.map(LocalServers::childArguments).orElse(List.of());
    }

    /** Kills a server and starts it again on its data. */
    void restart(Server server) {
        LocalServers running =
                servers.orElseThrow(() -> new BenchException("an embedded run has no " + server + " to restart"));
        running.kill(server);
        running.start(server);
    }

    /** This machine and what runs on it; it takes a site of its own. */
    Machine machine(Clock clock) {
        try (RunFolder folder = RunFolder.create();
                Site site = open(newSite(folder))) {
            site.session(SessionOptions.Access.CREATE).close();
            try (PlainDuckDb duckDb = PlainDuckDb.withLake(
                    site.s3(), site.catalog(), site.lakeData().root())) {
                return Machine.current(duckDb, mode() == Mode.SERVED, clock.instant());
            }
        }
    }

    @Override
    public void close() {
        servers.ifPresent(LocalServers::close);
    }
}
