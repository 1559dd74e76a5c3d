package dev.millrace.ingester.migration;

import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoredObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Copies staged files under their keys into the other staging area, but for those that the other lake's ledger calls loaded or dropped. Refused
 * ones go too: the next ingest there inspects them again. May be repeated.
 */
final class StagedMove {
    private static final String SETTLED = """
            SELECT staged_key FROM lake.millrace.ledger
            WHERE dataset = ? AND status IN ('loaded', 'dropped') AND staged_key IN (SELECT unnest(?::VARCHAR[]))
            """;

    private final ObjectStore from;
    private final ObjectStore to;
    private final LakeSession target;
    private long copied;

    StagedMove(MigrationPlace from, MigrationPlace to) {
        this.from = from.staging();
        this.to = to.staging();
        this.target = to.session();
    }

    /** Returns how many it has copied, those that were there already among them. */
    long run(DatasetName dataset) {
        from.list(StagingKey.prefix(dataset), page -> copy(dataset, page));
        return copied;
    }

    private void copy(DatasetName dataset, List<StoredObject> page) {
        List<String> keys = page.stream()
                .map(StoredObject::key)
                .filter(key -> StagingKey.classify(key) == StagingKey.Kind.STAGED_FILE)
                .toList();
        Set<String> settled = new HashSet<>(target.query(SETTLED, row -> row.getString(1), dataset.toString(), keys));
        for (String key : keys) {
            if (!settled.contains(key)) {
                to.copyIfAbsent(from, key, key);
                copied++;
            }
        }
    }
}
