package dev.millrace.cli.serve;

import dev.millrace.cli.config.CatalogAddress;
import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.StorageAddress;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.compactor.CompactPlan;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.ingester.IngestListener;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.HeldLease;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the lake and at what waits. It keeps its session from one look to the next, and opens another one after a failure or
 * when the configuration has changed. For one thread.
 */
final class LakeLook implements AutoCloseable {
    /** The work of a compaction is dear to find out, and changes slowly. */
    private static final Duration MERGE_LOOKED_AT_EVERY = Duration.ofMinutes(5);

    private static final String SIZES = """
        SELECT count(*) FILTER (file_size_bytes < 1_000_000),
            count(*) FILTER (file_size_bytes >= 1_000_000 AND file_size_bytes < 16_000_000),
            count(*) FILTER (file_size_bytes >= 16_000_000 AND file_size_bytes < 64_000_000),
            count(*) FILTER (file_size_bytes >= 64_000_000 AND file_size_bytes < 256_000_000),
            count(*) FILTER (file_size_bytes >= 256_000_000)
        FROM __ducklake_metadata_lake.ducklake_data_file WHERE table_id = ? AND end_snapshot IS NULL
        """;
    private static final String REASONS = """
        SELECT reason, count(*) FROM lake.millrace.ledger
        WHERE dataset = ? AND status = 'quarantined' GROUP BY reason
        """;
    private static final String NEWEST_REFUSED = """
        SELECT staged_key, reason, message, decided_at FROM lake.millrace.ledger
        WHERE dataset = ? AND status = 'quarantined' ORDER BY decided_at DESC, staged_key LIMIT 20
        """;
    private static final String LAST_LOADED = """
        SELECT dataset, max(ended_at) FROM lake.millrace.run
        WHERE activity = 'ingest' AND rows > 0 AND dataset IS NOT NULL GROUP BY dataset
        """;
    private static final String RUNS = """
        SELECT run_id, activity, dataset, started_at, ended_at, outcome, files, rows, error
        FROM lake.millrace.run ORDER BY started_at DESC, run_id DESC LIMIT 300
        """;
    private static final String SNAPSHOTS = """
        SELECT count(*), epoch_us(min(snapshot_time)::TIMESTAMPTZ) FROM __ducklake_metadata_lake.ducklake_snapshot
        """;
    private static final String NEWEST_SNAPSHOTS = """
        SELECT snapshot_id, epoch_us(snapshot_time::TIMESTAMPTZ), author, commit_message
        FROM __ducklake_metadata_lake.ducklake_snapshot
        LEFT JOIN __ducklake_metadata_lake.ducklake_snapshot_changes USING (snapshot_id)
        ORDER BY snapshot_id DESC LIMIT 20
        """;
    private static final String UNNEEDED_FILES =
            "SELECT count(*) FROM __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion";

    private record Opened(Configuration configuration, Workspace workspace, LakeSession session)
            implements AutoCloseable {
        @Override
        public void close() {
            try (workspace) {
                session.close();
            }
        }
    }

    private record SeenMerge(Instant at, Look.Merge merge) {}

    private final Map<String, String> environment;
    private final Clock clock;
    private final Map<DatasetName, SeenMerge> merges = new HashMap<>();
    private final Workspace.Observers observers;
    private Optional<Opened> opened = Optional.empty();

    /**
     * @param environment where the secrets are looked for
     * @param observers count what it does with the stores
     */
    LakeLook(Map<String, String> environment, Clock clock, Workspace.Observers observers) {
        this.environment = environment;
        this.clock = clock;
        this.observers = observers;
    }

    /** Looks; what it throws says what can't be reached, and the next look begins with a session of its own. */
    Look look(Configuration configuration) {
        try {
            Opened with = open(configuration);
            return look(with);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Opened open(Configuration configuration) {
        if (opened.filter(o -> o.configuration().equals(configuration)).isEmpty()) {
            close();
            Workspace workspace = new Workspace(configuration, environment, clock, notice -> {}, observers);
            try {
                opened = Optional.of(new Opened(configuration, workspace, workspace.impatientSession()));
            } catch (RuntimeException e) {
                workspace.close();
                throw e;
            }
        }
        return opened.orElseThrow();
    }

    private Look look(Opened with) {
        Instant begun = clock.instant();
        LakeSession session = with.session();
        Map<String, Instant> lastLoaded = new HashMap<>();
        session.query(
                        LAST_LOADED,
                        row -> Map.entry(row.getString(1), time(row, 2).orElse(begun)))
                .forEach(entry -> lastLoaded.put(entry.getKey(), entry.getValue()));
        List<Look.Dataset> datasets = new ArrayList<>();
        for (Contract contract : with.workspace().contracts().all()) {
            datasets.add(dataset(
                    with,
                    contract,
                    Optional.ofNullable(lastLoaded.get(contract.dataset().toString()))));
        }
        List<Look.Run> runs = session.query(RUNS, LakeLook::run);
        Look.Snapshots snapshots = snapshots(session);
        long unneeded = session.queryLong(UNNEEDED_FILES);
        return new Look(
                begun,
                Duration.between(begun, clock.instant()),
                datasets,
                HeldLease.all(session),
                runs,
                snapshots,
                unneeded,
                disks(with.configuration()));
    }

    private Look.Dataset dataset(Opened with, Contract contract, Optional<Instant> lastLoaded) {
        LakeSession session = with.session();
        DatasetName dataset = contract.dataset();
        DatasetTable table = new DatasetTable(session, dataset);
        Map<String, Long> reasons = new LinkedHashMap<>();
        session.query(REASONS, row -> Map.entry(row.getString(1), row.getLong(2)), dataset.toString())
                .forEach(entry -> reasons.put(entry.getKey(), entry.getValue()));
        return new Look.Dataset(
                dataset.toString(),
                table.size(),
                session.queryOne(
                                SIZES,
                                row -> new Look.FileSizes(
                                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)),
                                table.id())
                        .orElseThrow(),
                with.workspace()
                        .operations()
                        .ingester(session, IngestListener.NONE)
                        .backlog(dataset),
                new Look.Quarantine(
                        reasons,
                        reasons.isEmpty()
                                ? List.of()
                                : session.query(
                                        NEWEST_REFUSED,
                                        row -> new Look.RefusedFile(
                                                row.getString(1),
                                                row.getString(2),
                                                row.getString(3),
                                                time(row, 4).orElse(Instant.EPOCH)),
                                        dataset.toString())),
                lastLoaded,
                merge(with, contract));
    }

    private Look.Merge merge(Opened with, Contract contract) {
        Instant now = clock.instant();
        SeenMerge seen = merges.get(contract.dataset());
        if (seen == null || !now.isBefore(seen.at().plus(MERGE_LOOKED_AT_EVERY))) {
            CompactPlan plan = with.workspace()
                    .operations()
                    .compactor(with.session(), MergePolicy.Extent.WORTHWHILE)
                    .inspect(contract)
                    .plan();
            CompactPlan.Load load = plan.load();
            CompactPlan.Load left = plan.leftLoad();
            seen = new SeenMerge(now, new Look.Merge(load.files() + left.files(), load.bytes() + left.bytes()));
            merges.put(contract.dataset(), seen);
        }
        return seen.merge();
    }

    private static Look.Run run(ResultSet row) throws SQLException {
        return new Look.Run(
                row.getString(1),
                row.getString(2),
                Optional.ofNullable(row.getString(3)).orElse(""),
                time(row, 4).orElse(Instant.EPOCH),
                time(row, 5),
                row.getString(6),
                row.getLong(7),
                row.getLong(8),
                Optional.ofNullable(row.getString(9)));
    }

    private static Look.Snapshots snapshots(LakeSession session) {
        List<Look.Snapshot> newest = session.query(
                NEWEST_SNAPSHOTS,
                row -> new Look.Snapshot(
                        row.getLong(1),
                        micros(row.getLong(2)),
                        Optional.ofNullable(row.getString(3)).orElse(""),
                        Optional.ofNullable(row.getString(4)).orElse("")));
        return session.queryOne(
                        SNAPSHOTS,
                        row -> new Look.Snapshots(
                                row.getLong(1),
                                newest.isEmpty() ? Optional.empty() : Optional.of(micros(row.getLong(2))),
                                newest))
                .orElseThrow();
    }

    private static Instant micros(long sinceEpoch) {
        return Instant.EPOCH.plus(sinceEpoch, ChronoUnit.MICROS);
    }

    private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static List<Look.Disk> disks(Configuration configuration) {
        List<Path> places = new ArrayList<>();
        for (StorageAddress address :
                List.of(configuration.staging(), configuration.lake().data())) {
            if (address instanceof StorageAddress.Directory directory) {
                places.add(directory.path());
            }
        }
        if (configuration.lake().catalog() instanceof CatalogAddress.Sqlite sqlite) {
            places.add(sqlite.file().getParent());
        }
        Map<FileStore, Look.Disk> disks = new LinkedHashMap<>();
        try {
            for (Path place : places) {
                FileStore store = Files.getFileStore(place);
                disks.putIfAbsent(
                        store, new Look.Disk(place.toString(), store.getUsableSpace(), store.getTotalSpace()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(disks.values());
    }

    @Override
    public void close() {
        try {
            opened.ifPresent(Opened::close);
        } finally {
            opened = Optional.empty();
        }
    }
}
