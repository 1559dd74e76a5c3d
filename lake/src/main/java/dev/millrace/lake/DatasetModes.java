package dev.millrace.lake;

import dev.millrace.lake.ContractChange.Effect;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.WriteMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The mode table: which mode a dataset was made with. It can't change afterwards, since the rows that are there may have
 * no key, or one key twice. A dataset without a row was made before there was another mode than {@code append}. Belongs to its
 * session's thread.
 */
public final class DatasetModes {
    private static final String INSERT = """
            INSERT INTO lake.millrace.mode VALUES (?, ?, ?, ?, ?)
            """;
    private static final String FORGET = "DELETE FROM lake.millrace.mode WHERE dataset || '' = ?";
    private static final String READ = """
            SELECT mode, key_columns, version_column, delete_marker FROM lake.millrace.mode WHERE dataset || '' = ?
            """;

    /** Stands in no name of an Avro field. */
    private static final String SEPARATOR = ",";

    private final LakeSession session;

    public DatasetModes(LakeSession session) {
        this.session = session;
    }

    /** Records the mode of a dataset that is being made, inside of the caller's transaction. */
    void record(DatasetName dataset, WriteMode mode) {
        // Of a dataset of that name that was dropped.
        session.execute(FORGET, dataset.toString());
        Optional<WriteMode.Upsert> upsert =
                Optional.of(mode).filter(WriteMode.Upsert.class::isInstance).map(WriteMode.Upsert.class::cast);
        session.execute(
                INSERT,
                dataset.toString(),
                mode.word(),
                upsert.map(u -> String.join(SEPARATOR, u.key())).orElse(null),
                upsert.flatMap(WriteMode.Upsert::version).orElse(null),
                upsert.flatMap(WriteMode.Upsert::deleteMarker).orElse(null));
    }

    /** The mode that a dataset was made with. */
    public WriteMode of(DatasetName dataset) {
        return session.queryOne(READ, DatasetModes::mode, dataset.toString()).orElse(WriteMode.APPEND);
    }

    private static WriteMode mode(ResultSet row) throws SQLException {
        if (row.getString(1).equals(WriteMode.APPEND.word())) {
            return WriteMode.APPEND;
        }
        return new WriteMode.Upsert(
                List.of(row.getString(2).split(SEPARATOR, -1)),
                Optional.ofNullable(row.getString(3)),
                Optional.ofNullable(row.getString(4)));
    }

    /**
     * Checks that a contract has the mode that its dataset was made with.
     *
     * @throws LakeException when it does not; says where they differ
     */
    public void require(Contract contract) {
        difference(contract).ifPresent(change -> {
            throw new LakeException("dataset '" + contract.dataset() + "': " + change.message());
        });
    }

    /** How a contract's mode differs from the one that its dataset was made with. */
    Optional<ContractChange> difference(Contract contract) {
        WriteMode made = of(contract.dataset());
        if (made.equals(contract.mode())) {
            return Optional.empty();
        }
        return Optional.of(new ContractChange(
                Effect.BREAKS,
                "mode",
                "the dataset was made with " + described(made) + " and the contract has " + described(contract.mode())
                        + "; neither can be changed, since the rows that are there may have one key twice. Set them to"
                        + " what the lake has, or use a new dataset"));
    }

    private static String described(WriteMode mode) {
        if (!(mode instanceof WriteMode.Upsert upsert)) {
            return "'mode: " + mode.word() + "'";
        }
        return "'mode: upsert' by the key " + upsert.key()
                + upsert.version()
                        .map(column -> ", the version '" + column + "'")
                        .orElse("")
                + upsert.deleteMarker()
                        .map(column -> ", the delete marker '" + column + "'")
                        .orElse("");
    }
}
