package dev.millrace.bench;

import dev.millrace.ingester.BatchLimits;
import dev.millrace.ingester.ChecksumVerification;
import dev.millrace.ingester.IngestEnvironment;
import dev.millrace.ingester.IngestResult;
import dev.millrace.ingester.IngestSettings;
import dev.millrace.ingester.Ingester;
import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.Ledger;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** Millrace: from listing the staging area to the end of the run, with ledger, lease and checks. */
record MillraceIngest(Stand stand, IngestSettings settings) implements Contender {
    /** What the command takes when nothing is configured. */
    static final IngestSettings DEFAULTS =
            new IngestSettings(new BatchLimits(512_000_000, 5_000, 16), 256_000_000, Duration.ofSeconds(30));

    private static final Duration LEASE = Duration.ofMinutes(5);

    @Override
    public String name() {
        return verifiesChecksums() ? "millrace-verifying" : "millrace";
    }

    @Override
    public String description() {
        return verifiesChecksums()
                ? "Millrace that verifies all checksums"
                : "Millrace: list, lease, inspect, write, commit, end of the run";
    }

    private boolean verifiesChecksums() {
        return settings.checksums() == ChecksumVerification.ALWAYS;
    }

    @Override
    public Attempt prepare(Workload workload, DatasetName staged) {
        // The ledger knows a staged file once.
        DatasetName own = verifiesChecksums() ? DatasetName.parse(staged + "_verified") : staged;
        if (verifiesChecksums()) {
            workload.stage(stand.staging(), own);
        }
        Contract contract = workload.contract(own);
        stand.create(contract);
        LakeSession session = stand.session(SessionOptions.Access.WRITE);
        return new Attempt() {
            @Override
            public Map<String, Duration> run() {
                return ingest(session, contract);
            }

            @Override
            public void verify() {
                try (LakeSession reader = stand.session(SessionOptions.Access.READ)) {
                    reader.queryOne(
                                    "SELECT " + Content.COLUMNS + " FROM " + new DatasetTable(reader, own).sqlName(),
                                    Content::read)
                            .orElseThrow()
                            .require(workload, "the lake's table '" + own + "'");
                    Ledger.Totals ledger = new Ledger(reader).totals(own);
                    if (!ledger.equals(new Ledger.Totals(workload.files(), workload.rows(), 0))) {
                        throw new BenchException("the ledger of '" + own + "' says " + ledger + ", and "
                                + workload.files() + " files with " + workload.rows() + " rows were staged");
                    }
                }
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }

    private Map<String, Duration> ingest(LakeSession session, Contract contract) {
        Phases phases = new Phases();
        LeasedRun.Terms terms =
                new LeasedRun.Terms(Activity.INGEST, Worker.current(), LEASE, Clock.systemUTC(), CommitRetry.STANDARD);
        IngestResult result = new Ingester(
                        new IngestEnvironment(session, stand.staging(), stand.lakeData(), terms), settings, phases)
                .ingest(contract);
        if (!(result instanceof IngestResult.Done)) {
            throw new BenchException("the ingest of '" + contract.dataset() + "' ended with " + result);
        }
        return phases.end();
    }
}
