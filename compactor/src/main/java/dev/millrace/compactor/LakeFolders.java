package dev.millrace.compactor;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.UnreleasedLeases;
import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The folders of the lake's tables, of all snapshots, and which of them are datasets'. Keys below a folder of a table that is none, of
 * an analyst say, are nobody's business here.
 */
final class LakeFolders {
    private static final String TABLES = """
            SELECT DISTINCT s.schema_name, t.table_name,
                CASE WHEN t.path_is_relative THEN CASE WHEN s.path_is_relative THEN ? ELSE '' END || s.path ELSE '' END || t.path
            FROM __ducklake_metadata_lake.ducklake_table t
            JOIN __ducklake_metadata_lake.ducklake_schema s USING (schema_id)
            """;

    private record Table(String schema, String name, String folder) {}

    /** Several, where a table was renamed and its name was given again. */
    private final Map<String, Set<DatasetName>> datasets;

    private LakeFolders(Map<String, Set<DatasetName>> datasets) {
        this.datasets = datasets;
    }

    static LakeFolders read(LakeSession session) {
        String root = session.address().dataPath();
        Set<DatasetName> known = UnreleasedLeases.read(session).since().keySet();
        Map<String, Set<DatasetName>> datasets = new HashMap<>();
        session.query(TABLES, row -> new Table(row.getString(1), row.getString(2), row.getString(3)), root).stream()
                .filter(table -> table.folder().startsWith(root))
                .forEach(table -> {
                    Set<DatasetName> here =
                            datasets.computeIfAbsent(table.folder().substring(root.length()), f -> new HashSet<>());
                    known.stream()
                            .filter(dataset -> dataset.owns(table.schema(), table.name()))
                            .forEach(here::add);
                });
        return new LakeFolders(datasets);
    }

    /** The folder of the dataset that a key belongs to. */
    Optional<String> datasetFolder(String key) {
        for (int end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
            String folder = key.substring(0, end + 1);
            Set<DatasetName> here = datasets.get(folder);
            if (here != null) {
                return Optional.of(folder).filter(f -> !here.isEmpty());
            }
        }
        return Optional.empty();
    }

    /** Since when somebody holds a dataset, by its folder; since ever, where that could not be seen. */
    Map<String, Instant> heldSince(UnreleasedLeases leases) {
        Map<String, Instant> heldSince = new HashMap<>();
        datasets.forEach((folder, here) -> here.forEach(dataset -> {
            Optional<Instant> since = leases.since().getOrDefault(dataset, Optional.of(Instant.MIN));
            since.ifPresent(from -> heldSince.merge(folder, from, (one, other) -> one.isBefore(other) ? one : other));
        }));
        return heldSince;
    }
}
