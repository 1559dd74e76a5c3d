package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StorageException;
import dev.millrace.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.IOUtils;

/** Finds the files that keep a batch from being written, so that their neighbours can go on without them. */
final class BadFiles {
    /** Decodes every value and writes nothing; a count would be answered from the footers. */
    private static final String DECODE = """
            SELECT coalesce(bit_xor(hash(file)), 0) % 2 FROM read_parquet(?, hive_partitioning = false, union_by_name = true) AS file
            """;

    private static final String NULLS = """
            SELECT filename, count(*)
            FROM read_parquet(?, hive_partitioning = false, union_by_name = true, filename = true)
            WHERE %s GROUP BY ALL
            """;

    private final LakeSession session;
    private final ObjectStore staging;

    BadFiles(LakeSession session, ObjectStore staging) {
        this.session = session;
        this.staging = staging;
    }

    /** The files whose data cannot be decoded; none when what failed was something else. */
    List<Refused> unreadable(List<Loadable> files) {
        return new FaultSearch<Loadable>(
                        session,
                        this::decode,
                        file -> staging.address(file.file().key()))
                .search(files).stream()
                        .filter(fault -> isWholeInStore(staging, fault.file().file()))
                        .map(fault -> new Refused(fault.file().file(), fault.verdict(QuarantineReason.UNREADABLE_DATA)))
                        .toList();
    }

    private void decode(List<Loadable> files) {
        session.queryLong(
                DECODE, files.stream().map(f -> staging.address(f.file().key())).toList());
    }

    /**
     * The files that hold NULL in a column that the contract requires.
     *
     * @param isNull the condition for it
     */
    List<Refused> withNulls(List<Loadable> files, String column, String isNull) {
        Map<String, Loadable> byAddress = new HashMap<>();
        files.forEach(f -> byAddress.put(staging.address(f.file().key()), f));
        return session.query(
                NULLS.formatted(isNull),
                row -> new Refused(
                        byAddress.get(row.getString(1)).file(),
                        new Quarantine(
                                QuarantineReason.MISSING_VALUES,
                                "the column '" + column + "', which the contract requires, is NULL in " + row.getLong(2)
                                        + " of its rows")),
                List.copyOf(byAddress.keySet()));
    }

    /**
     * Whether the store still has the file, whole and readable: then it is the file that is bad, and not the way to it.
     *
     * @throws StorageException when the store can't be read
     */
    static boolean isWholeInStore(ObjectStore staging, StagedObject file) {
        Optional<StoredObject> stored = staging.find(file.key());
        if (stored.isEmpty() || stored.orElseThrow().sizeBytes() != file.sizeBytes()) {
            return false;
        }
        try (InputStream in = staging.open(file.key())) {
            return IOUtils.consume(in) == file.sizeBytes();
        } catch (IOException e) {
            throw new StorageException(
                    "the staged file " + file.key() + " can't be read from " + staging.root() + ": " + e
                            + "; it stays where it is and is tried again with the next ingest",
                    e);
        }
    }
}
