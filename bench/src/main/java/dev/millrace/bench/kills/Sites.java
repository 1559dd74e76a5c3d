package dev.millrace.bench.kills;

import dev.millrace.infra.LocalServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** Gives one new, empty site after the other. */
final class Sites {
    private final DatasetMode datasetMode;
    private final Path folder;
    private final Optional<LocalServers> servers;
    private final Clock clock;

    private Sites(DatasetMode datasetMode, Path folder, Optional<LocalServers> servers, Clock clock) {
        this.datasetMode = datasetMode;
        this.folder = folder;
        this.servers = servers;
        this.clock = clock;
    }

    static Sites embedded(DatasetMode datasetMode, Path folder, Clock clock) {
        return new Sites(datasetMode, folder, Optional.empty(), clock);
    }

    static Sites served(DatasetMode datasetMode, Path folder, LocalServers servers, Clock clock) {
        return new Sites(datasetMode, folder, Optional.of(servers), clock);
    }

    Site next() {
        String name = "kills_" + UUID.randomUUID().toString().substring(0, 8);
        try {
            Path own = Files.createDirectories(folder.resolve(name)).toRealPath();
            if (servers.isEmpty()) {
                return EmbeddedSite.in(own, datasetMode);
            }
            servers.orElseThrow().createDatabase(name);
            return new ServedSite(datasetMode, own, name, servers.orElseThrow(), clock);
        } catch (IOException e) {
            throw new UncheckedIOException("the folder of a site cannot be made below " + folder, e);
        }
    }
}
