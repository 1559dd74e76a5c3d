package dev.millrace.cli;

import dev.millrace.cli.text.Quantity;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.InferredColumns;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.StatementException;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.InvalidContractException;
import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoredObject;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Makes contracts, and their datasets, for files that wait in folders without one. Belongs to its session's thread. */
final class InferredContracts {
    /** The oldest of a folder are looked at: enough to see what its producers have in common. */
    private static final int FILES = 20;

    private static final Comparator<StoredObject> OLDEST_FIRST =
            Comparator.comparing(StoredObject::modifiedAt).thenComparing(StoredObject::key);
    private static final String COLUMNS = """
            SELECT column_name, column_type FROM (
                DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false, file_row_number = false))
            """;

    private final LakeSession session;
    private final ObjectStore staging;
    private final Path folder;
    private final Consumer<String> notices;

    /**
     * @param folder of the contracts
     * @param notices told in a sentence what was made, and what could not be
     */
    InferredContracts(LakeSession session, ObjectStore staging, Path folder, Consumer<String> notices) {
        this.session = session;
        this.staging = staging;
        this.folder = folder;
        this.notices = notices;
    }

    /**
     * Makes the contract of a dataset and the dataset; absent when nothing readable is there, or no contract can have it. Killed at any
     * moment it is repeated: the contract is written last, and {@code init} makes the dataset of a contract too.
     */
    Optional<Contract> make(DatasetName dataset) {
        List<StoredObject> oldest = oldest(dataset);
        InferredColumns columns = new InferredColumns();
        int read = 0;
        try {
            for (StoredObject file : oldest) {
                Optional<List<LakeColumn>> described = describe(file);
                if (described.isPresent()) {
                    columns.add(file.key(), described.orElseThrow());
                    read++;
                }
            }
            if (read == 0) {
                return Optional.empty();
            }
            ContractDraft draft = new ContractDraft(
                    dataset,
                    Quantity.of(read, "staged file") + ", of " + oldest.get(0).key() + " and on",
                    columns.columns(),
                    List.of(),
                    List.of());
            draft.write(folder);
            new DatasetContract(session, draft.contract()).apply();
            // Options of the dataset are read when the lake is attached.
            session.reconnect();
            notices.accept("made the contract " + draft.contractIn(folder) + " from " + Quantity.of(read, "staged file")
                    + "; read it through");
            return Optional.of(draft.contract());
        } catch (InvalidContractException e) {
            notices.accept(
                    "no contract can be inferred for dataset '" + dataset + "', its files wait: " + e.getMessage());
            return Optional.empty();
        }
    }

    private List<StoredObject> oldest(DatasetName dataset) {
        PriorityQueue<StoredObject> oldest = new PriorityQueue<>(OLDEST_FIRST.reversed());
        staging.list(StagingKey.prefix(dataset), page -> page.stream()
                .filter(object -> StagingKey.classify(object.key()) == StagingKey.Kind.STAGED_FILE)
                .forEach(object -> {
                    oldest.add(object);
                    if (oldest.size() > FILES) {
                        oldest.remove();
                    }
                }));
        return oldest.stream().sorted(OLDEST_FIRST).toList();
    }

    /** What can't be read says nothing; the ingest decides on it. */
    private Optional<List<LakeColumn>> describe(StoredObject file) {
        try {
            return Optional.of(session.query(
                    COLUMNS,
                    row -> new LakeColumn(row.getString(1), row.getString(2)),
                    List.of(staging.address(file.key()))));
        } catch (StatementException e) {
            e.requireAboutData();
            return Optional.empty();
        }
    }
}
