package dev.millrace.cli.status;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.ingester.IngestListener;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.HeldLease;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LedgerSummary;
import dev.millrace.lake.RecentRuns;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the lake and the staging area. It looks at ledger, runs and leases once, when it is made, and at each dataset when that is asked
 * for; memory does not grow with the files that wait or lie in the lake.
 *
 * <p>Changes nothing and works with a session that may only read. Belongs to its session's thread; for another look, make another one.
 */
public final class StatusReport {
    /** Over which runs the pace is measured. */
    public static final Duration PACE_TIME = Duration.ofHours(6);

    /** How long a failure is told of. */
    public static final Duration FAILURE_TIME = Duration.ofDays(1);

    private final Workspace workspace;
    private final LakeSession session;
    private final Clock clock;
    private final Map<DatasetName, LedgerSummary> ledgers;
    private final List<RecentRuns> runs;
    private final List<HeldLease> leases;

    public StatusReport(Workspace workspace, LakeSession session, Clock clock) {
        this.workspace = workspace;
        this.session = session;
        this.clock = clock;
        Instant now = clock.instant();
        this.ledgers = LedgerSummary.all(session);
        this.runs = RecentRuns.all(session, new RecentRuns.Since(now.minus(PACE_TIME), now.minus(FAILURE_TIME)));
        this.leases = HeldLease.all(session);
    }

    /**
     * Looks at a dataset.
     *
     * @throws dev.millrace.lake.LakeException when it is not in the lake
     * @throws dev.millrace.storage.StorageException when its staging prefix can't be listed
     */
    public DatasetStatus of(Contract contract) {
        DatasetName dataset = contract.dataset();
        DatasetTable table = new DatasetTable(session, dataset);
        LedgerSummary ledger = ledgers.getOrDefault(dataset, LedgerSummary.NOTHING);
        Optional<String> eventColumn = contract.eventTimeColumn().map(Column::name);
        return new DatasetStatus(
                dataset,
                clock.instant(),
                table.size(),
                new DatasetStatus.Newest(eventColumn, eventColumn.flatMap(table::newest), ledger.lastLoadedAt()),
                workspace.operations().ingester(session, IngestListener.NONE).backlog(dataset),
                ledger,
                workspace
                        .operations()
                        .compactor(session, MergePolicy.Extent.WORTHWHILE)
                        .inspect(contract),
                leases.stream().filter(lease -> lease.dataset().equals(dataset)).toList(),
                runs.stream()
                        .filter(run -> run.dataset().filter(dataset::equals).isPresent())
                        .toList(),
                workspace.lateAfter());
    }

    /** The runs about the whole lake of late: removals of orphans, expiries, and parents of others. */
    public List<RecentRuns> runsOfTheLake() {
        return runs.stream().filter(run -> run.dataset().isEmpty()).toList();
    }
}
