package dev.millrace.bench.concurrency;

import dev.millrace.bench.oracle.EventRows;
import dev.millrace.ingester.BatchLimits;
import dev.millrace.ingester.IngestEnvironment;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestResult;
import dev.millrace.ingester.IngestSettings;
import dev.millrace.ingester.Ingester;
import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.Duration;

/** Ingests every so often, and after the stop signal until nothing waits. */
final class IngesterTask extends LakeTask {
    /** The defaults of the command, and of its files as large ones as a run of minutes fills. */
    private static final IngestSettings SETTINGS = new IngestSettings(
            new BatchLimits(512_000_000, 5_000, 16), CompactorTask.TARGET_FILE_BYTES, Duration.ofSeconds(30));

    private final Site site;
    private final Account account;
    private final LeasedRun.Terms terms;
    private final IngestListener listener = new IngestListener() {
        @Override
        public void committed(DatasetName dataset, String batchId, long rows, Duration transaction) {
            account.transaction(transaction);
            account.addRows(rows);
        }

        @Override
        public void refused(DatasetName dataset, String stagedKey, String reason, String message) {
            account.found("the staged file " + stagedKey + " was quarantined: " + message);
        }
    };

    IngesterTask(Pace pace, Site site, Account account, Signals signals, Clock clock) {
        super(site, SessionOptions.Access.WRITE, account, signals, pace);
        this.site = site;
        this.account = account;
        this.terms = new LeasedRun.Terms(
                Activity.INGEST, Worker.current(), Duration.ofMillis(pace.leaseMillis()), clock, CommitRetry.STANDARD);
    }

    @Override
    boolean pass(LakeSession lake) {
        IngestResult result = new Ingester(
                        new IngestEnvironment(lake, site.staging(), site.lakeData(), terms), SETTINGS, listener)
                .ingest(EventRows.contract());
        if (result instanceof IngestResult.Done done) {
            account.retried(done.retries());
            return done.runId().isPresent();
        }
        account.refused();
        return true;
    }

    @Override
    boolean drains() {
        return true;
    }
}
