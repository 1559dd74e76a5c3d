package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.Catalog;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;

/** An embedded lake in a test's folder: the dataset trips, with one staged file of three rows in two partitions loaded. */
record ExaminedLake(Path folder) {
    static ExaminedLake make(Path folder) throws IOException {
        ExaminedLake lake = new ExaminedLake(folder);
        Files.createDirectories(folder.resolve("contracts"));
        lake.contract("trips");
        Files.writeString(folder.resolve("trips.csv"), "id,day\n1,2026-11-20\n2,2026-11-21\n3,2026-11-21\n");
        assertThat(lake.run("init").exitCode()).isZero();
        lake.stage("till-1");
        assertThat(lake.run("ingest").exitCode()).isZero();
        return lake;
    }

    void contract(String dataset) throws IOException {
        Files.writeString(folder.resolve("contracts/" + dataset + ".avsc"), """
                {"type": "record", "name": "Trip", "fields": [
                  {"name": "id", "type": "long"}, {"name": "day", "type": {"type": "int", "logicalType": "date"}}]}
                """);
        Files.writeString(
                folder.resolve("contracts/" + dataset + ".yaml"),
                "dataset: " + dataset + "\nschema: " + dataset + ".avsc\npartition-by: [day]\n");
    }

    void stage(String producer) {
        assertThat(run("stage", "trips", "trips.csv", "--producer", producer).exitCode())
                .isZero();
    }

    CommandRun run(String... args) {
        return CommandRun.of(folder, args);
    }

    Diagnosed doctor(String... args) throws IOException {
        return doctor(Clock.systemUTC(), args);
    }

    Diagnosed doctor(Clock clock, String... args) throws IOException {
        String[] all =
                Stream.concat(Stream.of("doctor", "--json"), Stream.of(args)).toArray(String[]::new);
        return Diagnosed.of(CommandRun.at(clock, folder, Map.of(), "", all));
    }

    LakeSession session() {
        return LakeSession.open(
                new LakeAddress(
                        new Catalog.SqliteCatalog(folder.resolve("lake.sqlite")),
                        folder.resolve("lake").toString()),
                SessionOptions.of(SessionOptions.Access.WRITE));
    }
}
