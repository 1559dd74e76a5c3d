package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.CatalogState.DataFile;
import dev.millrace.bench.simulation.CatalogState.LeaseRow;
import dev.millrace.bench.simulation.CatalogState.LedgerRow;
import dev.millrace.ingester.Batch;
import dev.millrace.ingester.BatchPlanner;
import dev.millrace.ingester.Care;
import dev.millrace.ingester.Inspection;
import dev.millrace.ingester.StagedObject;
import dev.millrace.lake.Activity;
import dev.millrace.lake.RunOutcome;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** An ingester: list, subtract the ledger, take the lease, subtract again; then window by window inspect, plan, write, commit. */
final class IngestWork extends LeasedWork implements Lister {
    private final Listing listing;
    private final Deque<StoredContent> waiting = new ArrayDeque<>();
    private final Deque<Batch> batches = new ArrayDeque<>();
    private Optional<String> unfinishedWrite = Optional.empty();
    private Optional<Written> inCommit = Optional.empty();
    private Care care;

    IngestWork(World world, String name, String host, int runs) {
        super(world, name, host, runs, Activity.INGEST);
        this.listing = new Listing(world);
    }

    /** The verdict on the files of a window. */
    private record Inspected(List<Inspection.Loadable> loadable, List<StoredContent> refused) {}

    /** The lake files of a batch, and the rows of each of its staged files. */
    private record Written(List<DataFile> files, Map<String, List<Integer>> rowsByKey) {}

    @Override
    public Listing listing() {
        return listing;
    }

    @Override
    void died() {
        super.died();
        waiting.clear();
        batches.clear();
        unfinishedWrite = Optional.empty();
        inCommit = Optional.empty();
    }

    @Override
    Step<?> start() {
        return listing.list(() -> subtract(() -> waiting.isEmpty() ? Step.END : take(this::loadAll)));
    }

    private Step<?> subtract(Supplier<Step<?>> then) {
        return Step.of(Operation.LOOK, world.catalog::newest, state -> {
            waiting.clear();
            waiting.addAll(listing.waiting(state));
            return then.get();
        });
    }

    private Step<?> loadAll() {
        care = Care.after(lease().deaths(), world.settings.batchLimits());
        return world.has(Protection.LEDGER_CHECK_UNDER_LEASE) ? subtract(this::nextWindow) : nextWindow();
    }

    private Step<?> nextWindow() {
        if (waiting.isEmpty()) {
            return end(RunOutcome.SUCCEEDED);
        }
        Map<String, StoredContent> window = new LinkedHashMap<>();
        for (int i = 0; i < care.windowFiles() && !waiting.isEmpty(); i++) {
            StoredContent file = waiting.remove();
            window.putIfAbsent(file.key(), file);
        }
        return Step.of(Operation.INSPECT, () -> inspect(window), inspected -> {
            batches.addAll(new BatchPlanner(care.batchLimits(), Long.MAX_VALUE, List.of()).plan(inspected.loadable()));
            care = care.next();
            return inspected.refused().isEmpty() ? nextBatch() : quarantine(inspected.refused());
        });
    }

    private Inspected inspect(Map<String, StoredContent> window) {
        List<Inspection.Loadable> loadable = new ArrayList<>();
        List<StoredContent> refused = new ArrayList<>();
        for (StoredContent listed : window.values()) {
            Optional<StoredContent> stored = world.staging.find(listed.key());
            if (stored.filter(s -> s.content().isReadable()).isPresent()) {
                loadable.add(loadable(listed, stored.orElseThrow().content()));
            } else if (mayBeRefused(listed, stored)) {
                world.oracle.refusing(listed.key(), world.time() - listed.modifiedAt(), clockOffset());
                refused.add(listed);
            } else {
                world.tally.add(Event.UNSETTLED_FILES);
            }
        }
        return new Inspected(loadable, refused);
    }

    private boolean mayBeRefused(StoredContent listed, Optional<StoredContent> stored) {
        boolean isYoung = world.has(Protection.SETTLE_AGE)
                && listed.modifiedAt() + world.settings.times().settle() > now();
        return !isYoung
                && stored.filter(s -> s.content().bytes() == listed.content().bytes())
                        .isPresent();
    }

    private static Inspection.Loadable loadable(StoredContent listed, Content content) {
        return new Inspection.Loadable(
                new StagedObject(listed.key(), listed.content().bytes(), Instant.ofEpochSecond(listed.modifiedAt())),
                new Inspection.Footer(content.rows().size(), "", false, Optional.of(content.partition())),
                List.of(),
                List.of());
    }

    private Step<?> quarantine(List<StoredContent> refused) {
        String batch = "q" + world.newNumber();
        return this.<LeaseRow>transact(
                (transaction, commit) -> raiseToken(
                        transaction,
                        raised -> insertLedger(
                                transaction,
                                refused.stream()
                                        .map(file -> new LedgerRow(file.key(), false, List.of(), batch, run(), now()))
                                        .toList(),
                                () -> commit.apply(raised))),
                state -> state.hasBatch(batch) ? Optional.of(reread(state)) : Optional.empty(),
                raised -> {
                    raised(raised);
                    world.tally.add(Event.REFUSED_FILES, refused.size());
                    return nextBatch();
                });
    }

    private Step<?> nextBatch() {
        if (batches.isEmpty()) {
            return nextWindow();
        }
        Batch batch = batches.remove();
        String id = world.has(Protection.FRESH_LAKE_FILE_NAMES)
                ? "b" + world.newNumber()
                : "of-" + batch.files().get(0).file().key();
        if (world.has(Protection.FILES_BEFORE_COMMIT)) {
            return write(batch, id, written -> commit(written, this::nextBatch));
        }
        return commit(read(batch, id), () -> write(batch, id, written -> nextBatch()));
    }

    private Step<?> write(Batch batch, String id, Function<Written, Step<?>> then) {
        unfinishedWrite = Optional.of(id);
        return Step.of(
                Operation.WRITE_LAKE_FILES,
                () -> {
                    Written written = read(batch, id);
                    written.files().forEach(world::writeLakeFile);
                    return written;
                },
                written -> {
                    unfinishedWrite = Optional.empty();
                    return then.apply(written);
                });
    }

    /** Merged by partition, as the engine does. */
    private Written read(Batch batch, String id) {
        Map<String, List<Integer>> byPartition = new LinkedHashMap<>();
        Map<String, List<Integer>> byKey = new LinkedHashMap<>();
        batch.files().forEach(file -> {
            String key = file.file().key();
            Content content = world.staging
                    .find(key)
                    .map(StoredContent::content)
                    .filter(Content::isReadable)
                    .orElseThrow(() -> new Failure(Failure.Kind.STORE, key + " can't be read any more"));
            byKey.put(key, content.rows());
            byPartition
                    .computeIfAbsent(content.partition(), p -> new ArrayList<>())
                    .addAll(content.rows());
        });
        List<DataFile> files = new ArrayList<>();
        byPartition.forEach((partition, rows) ->
                files.add(new DataFile(id + "-" + partition, partition, List.copyOf(rows), rows.size())));
        if (files.stream().mapToLong(DataFile::bytes).sum() != batch.rows()) {
            throw new Failure(Failure.Kind.BROKEN, "the footers promise " + batch.rows() + " rows");
        }
        return new Written(files, byKey);
    }

    private Step<?> commit(Written written, Supplier<Step<?>> then) {
        String batchId = "c" + world.newNumber();
        boolean together = world.has(Protection.LEDGER_IN_SAME_TRANSACTION);
        inCommit = Optional.of(written);
        return this.<LeaseRow>transact(
                (transaction, commit) -> raiseToken(
                        transaction,
                        raised -> Step.of(
                                Operation.REGISTER,
                                () -> transaction.register(written.files()),
                                () -> together
                                        ? insertLedger(transaction, rows(written, batchId), () -> commit.apply(raised))
                                        : commit.apply(raised))),
                state -> hasCommitted(state, written, batchId) ? Optional.of(reread(state)) : Optional.empty(),
                raised -> {
                    raised(raised);
                    inCommit = Optional.empty();
                    world.tally.add(Event.BATCHES);
                    return together ? then.get() : insertLedgerAfter(written, batchId, then);
                });
    }

    private boolean hasCommitted(CatalogState state, Written written, String batchId) {
        return world.has(Protection.LEDGER_IN_SAME_TRANSACTION)
                ? state.hasBatch(batchId)
                : state.files().containsKey(written.files().get(0).path());
    }

    private Step<?> insertLedgerAfter(Written written, String batchId, Supplier<Step<?>> then) {
        return this.<LeaseRow>transact(
                (transaction, commit) -> raiseToken(
                        transaction,
                        raised -> insertLedger(transaction, rows(written, batchId), () -> commit.apply(raised))),
                state -> state.hasBatch(batchId) ? Optional.of(reread(state)) : Optional.empty(),
                raised -> {
                    raised(raised);
                    return then.get();
                });
    }

    private List<LedgerRow> rows(Written written, String batchId) {
        List<LedgerRow> rows = new ArrayList<>();
        written.rowsByKey().forEach((key, of) -> rows.add(new LedgerRow(key, true, of, batchId, run(), now())));
        return rows;
    }

    private static Step<?> insertLedger(ModelTransaction transaction, List<LedgerRow> rows, Supplier<Step<?>> then) {
        return Step.of(Operation.INSERT_LEDGER, () -> transaction.insertLedger(rows), then);
    }

    @Override
    Optional<Step<?>> after(Failure failure) {
        if (failure.kind() != Failure.Kind.STORE || unfinishedWrite.isEmpty()) {
            return Optional.empty();
        }
        // No transaction has known of these yet.
        String id = unfinishedWrite.orElseThrow();
        unfinishedWrite = Optional.empty();
        return Optional.of(
                Step.of(Operation.DELETE, () -> world.deleteLakeFiles(id + "-"), () -> end(RunOutcome.FAILED)));
    }

    @Override
    void unknownOutcome() {
        if (!world.has(Protection.NEVER_DELETE_ON_UNKNOWN)) {
            inCommit.ifPresent(written -> written.files().forEach(file -> world.deleteLakeFiles(file.path())));
        }
    }
}
