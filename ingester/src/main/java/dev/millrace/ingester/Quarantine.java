package dev.millrace.ingester;

import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.QuarantineLedger;
import dev.millrace.lake.RefusedFile;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.RunStart;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StorageException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Does what a user decides on the refused files of a dataset: one transaction, under the lease for ingests, so that no ingest
 * decides on the same files meanwhile.
 *
 * <p>Not thread-safe; uses its session's thread. May be killed at any moment: repeated, it goes on. A file whose deletion was
 * committed and that is still there goes with the same action again, or with the next sweep.
 */
public final class Quarantine {
    private static final String MESSAGE = "CALL lake.set_commit_message('millrace', ?, extra_info => ?)";
    private static final int DELETE_OBJECTS = 1_000;

    private final LakeSession session;
    private final ObjectStore staging;
    private final LeasedRun.Terms terms;

    /** @param environment for activity {@code INGEST}; its staging area must allow deletions where files are dropped */
    public Quarantine(IngestEnvironment environment) {
        this.session = environment.session();
        this.staging = environment.staging();
        this.terms = environment.terms();
    }

    /** Says what {@link #run} would do now, and changes nothing. */
    public QuarantinePlan plan(QuarantineAction action, DatasetName dataset, Predicate<RefusedFile> wanted) {
        List<RefusedFile> files = new QuarantineLedger(session)
                .files(dataset).stream().filter(wanted).toList();
        Map<String, RefusedFileState> states = states(files);
        return QuarantinePlanner.plan(
                action,
                files.stream()
                        .map(file -> new QuarantinePlanner.Candidate(file, states.get(file.key())))
                        .toList());
    }

    /**
     * What the staging area has of refused files now, by key. From listings of their folders: who may delete need not have the right to
     * look at objects, and only a listing tells the time as the ledger has it.
     */
    public Map<String, RefusedFileState> states(List<RefusedFile> files) {
        Map<String, RefusedFile> byKey = new HashMap<>();
        Map<String, RefusedFileState> states = new HashMap<>();
        Set<String> folders = new TreeSet<>();
        for (RefusedFile file : files) {
            byKey.put(file.key(), file);
            states.put(file.key(), RefusedFileState.GONE);
            folders.add(folder(file));
        }
        for (String folder : folders) {
            staging.list(folder, page -> page.stream()
                    .filter(object -> byKey.containsKey(object.key()))
                    .forEach(object -> states.put(object.key(), RefusedFileState.of(byKey.get(object.key()), object))));
        }
        return states;
    }

    private static String folder(RefusedFile file) {
        String key = file.key();
        return StagingKey.classify(key) == StagingKey.Kind.UNSAFE
                ? StagingKey.prefix(file.dataset())
                : key.substring(0, key.lastIndexOf('/') + 1);
    }

    /**
     * Does it, where it can be done.
     *
     * @throws LakeException when the lake refuses; nothing was changed
     * @throws StorageException when the store can't be read, or refuses to delete: what the ledger says stands then, and the next
     *     sweep deletes
     */
    public QuarantineResult run(QuarantineAction action, DatasetName dataset, Predicate<RefusedFile> wanted) {
        QuarantinePlan first = plan(action, dataset, wanted);
        if (first.accepted().isEmpty()) {
            return new QuarantineResult.Done(Optional.empty(), first);
        }
        RunStart start = LeasedRun.begin(session, dataset, terms, action.activity());
        if (start instanceof RunStart.HeldByAnother held) {
            return new QuarantineResult.HeldByAnother(held.holder(), held.since(), held.until());
        }
        LeasedRun run = ((RunStart.Started) start).run();
        RunCounts counts = RunCounts.NONE;
        try {
            // Only what is there under the lease counts: an ingest may have decided anew since the first look.
            QuarantinePlan plan = plan(action, dataset, wanted);
            if (!plan.accepted().isEmpty()) {
                commit(run, action, dataset, plan.accepted());
                counts = counts(plan.accepted());
            }
            if (action == QuarantineAction.DROP) {
                delete(dataset, plan.accepted());
            }
            run.end(RunOutcome.SUCCEEDED, counts, Optional.empty());
            return new QuarantineResult.Done(Optional.of(run.runId()), plan);
        } catch (RuntimeException e) {
            run.endAfter(e, counts);
            throw e;
        }
    }

    private void commit(LeasedRun run, QuarantineAction action, DatasetName dataset, List<RefusedFile> files) {
        QuarantineLedger ledger = new QuarantineLedger(session);
        List<String> keys = files.stream().map(RefusedFile::key).toList();
        String doing = action.word() + " of " + keys.size() + " quarantined files";
        Lease lease = run.commit(
                        "dataset '" + dataset + "': " + doing,
                        () -> {
                            Lease raised = run.raiseToken();
                            ledger.change(
                                    dataset,
                                    keys,
                                    action.status(),
                                    new RefusedFile.Change(
                                            run.runId(), terms.clock().instant()));
                            session.execute(MESSAGE, doing + ", " + dataset, "{\"run\":\"" + run.runId() + "\"}");
                            return raised;
                        },
                        () -> Stream.of(ledger.hasChangeOf(dataset, run.runId()))
                                .filter(happened -> happened)
                                .map(happened -> run.reread())
                                .findFirst())
                .value();
        run.raised(lease);
    }

    private void delete(DatasetName dataset, List<RefusedFile> files) {
        List<String> keys = files.stream().map(RefusedFile::key).toList();
        try {
            for (int from = 0; from < keys.size(); from += DELETE_OBJECTS) {
                staging.delete(keys.subList(from, Math.min(from + DELETE_OBJECTS, keys.size())));
            }
        } catch (StorageException e) {
            throw new StorageException(
                    "dataset '" + dataset + "': " + keys.size() + " quarantined files are dropped and could not all be"
                            + " deleted; the next 'millrace compact' deletes them: " + e.getMessage(),
                    e);
        }
    }

    private static RunCounts counts(List<RefusedFile> files) {
        return new RunCounts(
                files.size(), 0, files.stream().mapToLong(f -> f.file().bytes()).sum(), 0, 1);
    }
}
