package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A contract beside the lake's table of its dataset: makes the table, and says where they differ. Belongs to its session's thread. */
public final class DatasetContract {
    private static final Logger LOG = LoggerFactory.getLogger(DatasetContract.class);
    private static final int MAX_STEPS = 20;

    private enum Step {
        CREATE_TABLE,
        REGISTER,
        NONE
    }

    /** What {@link #apply} did. */
    public enum Applied {
        CREATED,
        UNCHANGED
    }

    private final LakeSession session;
    private final Contract contract;
    private final DatasetName dataset;
    private final DatasetTable table;

    public DatasetContract(LakeSession session, Contract contract) {
        this.session = session;
        this.contract = contract;
        this.dataset = contract.dataset();
        this.table = new DatasetTable(session, dataset);
    }

    /**
     * Makes the table as the contract says, where there is none; one that is there stays as it is, see {@link DatasetEvolution}. May be
     * repeated after any interruption, and by several processes at once.
     *
     * @throws LakeException when the lake's table can't be made to fit the contract; says where they differ
     */
    public Applied apply() {
        Step next = nextStep();
        Applied applied = next == Step.NONE ? Applied.UNCHANGED : Applied.CREATED;
        for (int step = 0; step < MAX_STEPS; step++) {
            switch (next) {
                case CREATE_TABLE ->
                    next = commit(next, () -> {
                        create();
                        new DatasetModes(session).record(dataset, contract.mode());
                        contract.deletedKeys().ifPresent(deleted -> new DatasetContract(session, deleted).create());
                    });
                case REGISTER -> {
                    // Not by the transaction before: the engine sets no options of what the same one makes.
                    new DatasetOptions(session, dataset).set();
                    contract.deletedKeys().ifPresent(deleted -> new DatasetOptions(session, deleted.dataset()).set());
                    next = commit(next, this::register);
                }
                case NONE -> {
                    return applied;
                }
            }
        }
        throw new LakeException("dataset '" + dataset
                + "' could not be made, other processes change the lake all the time; run 'millrace init' again");
    }

    /**
     * One step of several processes is done once: each raises the same row, so that the second one meets a conflict, and one
     * that begins after the other's commit sees here that nothing is left to do.
     *
     * @return what is to be done next
     */
    private Step commit(Step step, Runnable body) {
        CommitResult<Step> result = Transaction.run(session, () -> {
            session.execute("UPDATE lake.millrace.version SET version = version");
            Step found = nextStep();
            if (found == step) {
                body.run();
                return step == Step.CREATE_TABLE ? Step.REGISTER : Step.NONE;
            }
            return found;
        });
        if (result instanceof CommitResult.Committed<Step> committed) {
            return committed.value();
        }
        LOG.info("dataset '{}': {} was not committed, looking again: {}", dataset, step, result);
        session.recover();
        return nextStep();
    }

    private Step nextStep() {
        List<LakeColumn> columns = table.columns();
        if (columns.isEmpty()) {
            return Step.CREATE_TABLE;
        }
        boolean registered = requireOwn();
        requireUnbroken(columns);
        return registered ? Step.NONE : Step.REGISTER;
    }

    private void requireUnbroken(List<LakeColumn> columns) {
        changes(columns).stream()
                .filter(change -> change.effect() == ContractChange.Effect.BREAKS)
                .findFirst()
                .ifPresent(change -> {
                    throw new LakeException("dataset '" + dataset + "': " + change.message());
                });
    }

    /**
     * What has to be done to the columns for the contract, in this order.
     *
     * @throws LakeException when the lake's table can't be made to fit the contract; says where they differ
     */
    List<ColumnChange> steps() {
        List<LakeColumn> columns = table.columns();
        requireUnbroken(columns);
        return new ContractChanges(contract, columns).steps();
    }

    /**
     * What a contract has widened, with what that costs; a sentence without a full stop, absent where it widens nothing.
     *
     * @throws LakeException as {@link #apply}
     */
    public Optional<String> widenings() {
        List<ColumnChange> widenings = steps().stream()
                .filter(change -> change instanceof ColumnChange.ColumnWidened)
                .toList();
        return widenings.isEmpty()
                ? Optional.empty()
                : Optional.of(widenings.stream().map(ColumnChange::toString).collect(Collectors.joining("; ")) + ": "
                        + table.rewriteSize() + " are written anew");
    }

    /** Whether all of the pipeline's tables know it, which they do once it is made as a whole. */
    private boolean requireOwn() {
        boolean registered = session.queryLong(
                        "SELECT count(*) FROM lake.millrace.lease WHERE dataset || '' = ?", dataset.toString())
                > 0;
        if (!registered && session.queryLong("SELECT count(*) FROM " + table.sqlName()) > 0) {
            throw new LakeException("the lake has a table '" + dataset
                    + "' that was not made by Millrace; it is left alone. Choose another dataset name");
        }
        return registered;
    }

    /**
     * What a contract would change, and what would be refused. Changes nothing, and works with a session that may only read.
     *
     * @throws LakeException when the table is not Millrace's own
     */
    public List<ContractChange> changes() {
        List<LakeColumn> columns = table.columns();
        if (columns.isEmpty()) {
            return List.of(new ContractChange(
                    ContractChange.Effect.STEP,
                    dataset.toString(),
                    "the dataset is made by 'millrace init', with "
                            + contract.columns().size() + " columns"));
        }
        requireOwn();
        return changes(columns);
    }

    private List<ContractChange> changes(List<LakeColumn> columns) {
        List<ContractChange> changes = new ArrayList<>();
        new DatasetModes(session).difference(contract).ifPresent(changes::add);
        changes.addAll(new ContractChanges(contract, columns).all(table.partitionColumns(), table::rewriteSize));
        return changes;
    }

    /** The columns that the lake has under a former name; none where the contract breaks the dataset, which init then says. */
    public List<ColumnChange> renames() {
        List<LakeColumn> columns = table.columns();
        boolean isBroken =
                changes(columns).stream().anyMatch(change -> change.effect() == ContractChange.Effect.BREAKS);
        return isBroken ? List.of() : new ContractChanges(contract, columns).renames();
    }

    /** The columns as they are called once those under former names are renamed. */
    public List<LakeColumn> columnsRenamed() {
        return new ContractChanges(contract, table.columns()).renamed();
    }

    /** The columns that the lake has once all changes are made that the contract asks for, as far as they may be. */
    public List<LakeColumn> columnsApplied() {
        ContractChanges changes = new ContractChanges(contract, table.columns());
        return ColumnChange.allTo(changes.renamed(), changes.steps());
    }

    private void create() {
        if (!dataset.schema().equals(DatasetName.DEFAULT_SCHEMA)) {
            session.execute("CREATE SCHEMA IF NOT EXISTS lake." + SqlText.identifier(dataset.schema()));
        }
        session.execute("CREATE TABLE " + table.sqlName() + " ("
                + contract.columns().stream()
                        .map(c -> SqlText.identifier(c.name()) + " " + c.type().sql())
                        .collect(Collectors.joining(", "))
                + ")");
        if (!contract.partitionBy().isEmpty()) {
            session.execute("ALTER TABLE " + table.sqlName() + " SET PARTITIONED BY ("
                    + SqlText.identifiers(contract.partitionBy()) + ")");
        }
        if (!contract.sortBy().isEmpty()) {
            session.execute("ALTER TABLE " + table.sqlName() + " SET SORTED BY ("
                    + SqlText.identifiers(contract.sortBy()) + ")");
        }
    }

    private void register() {
        LeaseTable leases = new LeaseTable(session);
        for (Activity activity : Activity.values()) {
            leases.add(dataset, activity);
        }
    }
}
