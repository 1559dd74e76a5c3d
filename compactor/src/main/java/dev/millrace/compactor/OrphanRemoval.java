package dev.millrace.compactor;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.UnreleasedLeases;
import dev.millrace.storage.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes orphans: Parquet files of datasets that no snapshot of the catalog knows, left by ingests and merges that died before their
 * commit; and what broken-off puts have left in the lake's data.
 *
 * <p>It lists the whole of the lake's data, in memory that does not grow with it, so it is due again only after a while. It takes no
 * lease: what a holder of one may still commit is left alone, and two removals at once only delete the same files. May be killed at
 * any moment; the next one lists anew and goes on. Not thread-safe; uses its session's thread.
 */
public final class OrphanRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanRemoval.class);

    /** One request of S3. */
    private static final int SLICE_FILES = 1_000;

    /** No put takes that long, as in the staging area. */
    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

    private final LakeSession session;
    private final ObjectStore lakeData;
    private final LeasedRun.Terms terms;
    private final OrphanSettings settings;

    /** @param environment its terms say who works, by which clock, and how a commit is repeated; no lease is taken */
    public OrphanRemoval(CompactEnvironment environment, OrphanSettings settings) {
        this.session = environment.session();
        this.lakeData = environment.lakeData();
        this.terms = environment.terms();
        this.settings = settings;
    }

    /** When the lake's data should be listed again; empty when it should be now. */
    public Optional<Instant> notBefore() {
        return runs().last()
                .map(last -> last.plus(settings.every()))
                .filter(next -> next.isAfter(terms.clock().instant()));
    }

    /** What {@link #run} would do now; changes nothing and works with a session that may only read. */
    public OrphanPlan plan() {
        return survey().plan();
    }

    /**
     * Removes what is due, in slices.
     *
     * @throws dev.millrace.storage.StorageException when the store refuses; what is left goes with the next removal
     * @throws dev.millrace.lake.LakeException when the catalog can't be read; what is left goes with the next removal
     */
    public OrphanResult run() {
        Instant startedAt = terms.clock().instant();
        Survey survey = survey();
        if (survey.plan() instanceof OrphanPlan.Refusal refusal) {
            String message = refusal.message(lake(session));
            LOG.info("{}", message);
            runs().add(startedAt, RunOutcome.FAILED, FileCount.NONE, Optional.of(message));
            return new OrphanResult.Refused(refusal, message);
        }
        OrphanPlan.Removal plan = (OrphanPlan.Removal) survey.plan();
        FileCount removed = delete(survey);
        int abandoned = lakeData.removeAbandonedPuts(
                "", settings.age().compareTo(ABANDONED_AFTER) > 0 ? settings.age() : ABANDONED_AFTER);
        FileCount before = plan.lakeData().files();
        LOG.info(
                "orphans below {}: {} before, {} removed, {} after; {} wait for their age and {} for a run that may"
                        + " still commit them; {} abandoned puts removed",
                session.address().dataPath(),
                before,
                removed,
                before.minus(removed),
                plan.orphans().young(),
                plan.orphans().inFlight(),
                abandoned);
        runs().add(startedAt, RunOutcome.SUCCEEDED, removed, Optional.empty());
        return new OrphanResult.Removed(plan, removed);
    }

    /** The lake of a session, for {@link OrphanPlan.Refusal#message}. */
    public static String lake(LakeSession session) {
        return session.address().catalog().description() + " with "
                + session.address().dataPath();
    }

    private record Survey(LakeDataScan scan, OrphanPlanner planner, OrphanPlan plan) {}

    private Survey survey() {
        Instant now = terms.clock().instant();
        LakeFolders folders = LakeFolders.read(session);
        LakeDataScan scan = new LakeDataScan(session, lakeData);
        scan.list(folders);
        // Before the files that the catalog names: what a holder commits, and then releases, is named then.
        Map<String, Instant> heldSince = folders.heldSince(UnreleasedLeases.read(session));
        OrphanPlanner planner = new OrphanPlanner(settings, now, heldSince);
        LakeData seen = scan.subtractCatalog();
        Orphans orphans = Orphans.NONE;
        for (List<UnknownFile> slice = scan.nextWindow(SLICE_FILES);
                !slice.isEmpty();
                slice = scan.nextWindow(SLICE_FILES)) {
            for (UnknownFile file : slice) {
                orphans = orphans.plus(file, planner.standing(file));
            }
        }
        return new Survey(scan, planner, planner.plan(seen, orphans));
    }

    private FileCount delete(Survey survey) {
        FileCount removed = FileCount.NONE;
        survey.scan().rewind();
        for (List<UnknownFile> slice = survey.scan().nextWindow(SLICE_FILES);
                !slice.isEmpty();
                slice = survey.scan().nextWindow(SLICE_FILES)) {
            List<UnknownFile> due = slice.stream()
                    .filter(file -> survey.planner().standing(file) == OrphanPlanner.Standing.DUE)
                    .toList();
            if (!due.isEmpty()) {
                lakeData.delete(due.stream().map(UnknownFile::key).toList());
                LOG.debug("{} orphans deleted, {} first", due.size(), due.get(0).key());
                for (UnknownFile file : due) {
                    removed = removed.plus(file.bytes());
                }
            }
        }
        return removed;
    }

    private OrphanRuns runs() {
        return new OrphanRuns(session, terms);
    }
}
