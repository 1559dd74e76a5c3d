package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.lake.StatementException;
import dev.millrace.storage.ObjectStore;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Digests of the footers of refused files, by which the ledger tells later which content was refused. */
final class FooterIds {
    private static final Set<QuarantineReason> WITH_FOOTER = EnumSet.of(
            QuarantineReason.UNREADABLE_DATA, QuarantineReason.SCHEMA_MISMATCH, QuarantineReason.MISSING_VALUES);

    private static final String DIGEST = """
            SELECT parquet_file_metadata[1].file_name,
                md5(row(parquet_file_metadata[1].num_rows, parquet_file_metadata[1].file_size_bytes,
                    list_transform(parquet_schema, lambda s: row(s.name, s.type, s.logical_type)),
                    list_transform(parquet_metadata, lambda m:
                        row(m.path_in_schema, m.stats_min_value, m.stats_max_value, m.data_page_offset, m.total_compressed_size)),
                    list_transform(parquet_kv_metadata, lambda kv: row(kv.key, kv.value)))::VARCHAR)
            FROM parquet_full_metadata(?)
            """;

    private final LakeSession session;
    private final ObjectStore staging;

    FooterIds(LakeSession session, ObjectStore staging) {
        this.session = session;
        this.staging = staging;
    }

    /** By key; without the files whose footer can't be read. */
    Map<String, String> of(List<Refused> refused) {
        Map<String, String> keyByAddress = new HashMap<>();
        refused.stream()
                .filter(r -> WITH_FOOTER.contains(r.quarantine().reason()))
                .map(r -> r.file().key())
                .forEach(key -> keyByAddress.put(staging.address(key), key));
        Map<String, String> ids = new HashMap<>();
        if (!keyByAddress.isEmpty()) {
            try {
                session.query(
                        DIGEST,
                        row -> ids.put(keyByAddress.get(row.getString(1)), row.getString(2)),
                        List.copyOf(keyByAddress.keySet()));
            } catch (StatementException e) {
                // One that is gone, was changed since it was inspected, or is too much for the engine: it is refused
                // all the
                // same.
                e.requirePerhapsAboutData();
            }
        }
        return ids;
    }
}
