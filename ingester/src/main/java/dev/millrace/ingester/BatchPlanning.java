package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.LakeType;
import dev.millrace.schemas.WriteMode;
import java.util.List;
import java.util.Set;

/** Finds the planner for a dataset as it is now. Belongs to its session's thread. */
final class BatchPlanning {
    /** Types whose value in a footer is exact and can be a part of a path. */
    private static final Set<LakeType> COPYABLE_PARTITION_TYPES =
            Set.of(LakeType.Scalar.DATE, LakeType.Scalar.INTEGER, LakeType.Scalar.BIGINT);

    private final LakeSession session;
    private final Contract contract;
    private final long targetFileBytes;

    BatchPlanning(LakeSession session, Contract contract, IngestSettings settings) {
        this.session = session;
        this.contract = contract;
        this.targetFileBytes = settings.targetFileBytes(contract);
    }

    /** The batches that files are loaded in, in this order. */
    List<Batch> plan(BatchLimits limits, List<Loadable> files) {
        return contract.mode() instanceof WriteMode.Upsert
                ? new ArrivalPlanner(limits).plan(files)
                : planner(limits).plan(files);
    }

    private BatchPlanner planner(BatchLimits limits) {
        boolean canCopy = contract.columns().stream()
                .filter(c -> contract.partitionBy().contains(c.name()))
                .map(Column::type)
                .allMatch(COPYABLE_PARTITION_TYPES::contains);
        List<String> columns = new DatasetTable(session, contract.dataset())
                .columns().stream().map(c -> c.name() + " " + c.type()).toList();
        return new BatchPlanner(limits, canCopy ? targetFileBytes : Long.MAX_VALUE, columns);
    }
}
