package dev.millrace.lake;

import com.fasterxml.uuid.Generators;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that holds the lease of a dataset for one activity, from {@link #begin} to {@link #end}.
 *
 * <p>Not thread-safe. When the process dies in between, the lease is free again once it expires, or at once for a worker
 * of the same host, which sees that the process is gone.
 */
public final class LeasedRun {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedRun.class);

    /**
     * What a run needs besides its dataset.
     *
     * @param leaseTerm for how long the lease is taken, and anew with each commit
     * @param execution that the run belongs to; absent for a run by itself
     * @param listener is told of the run's transactions
     */
    public record Terms(
            Activity activity,
            Worker worker,
            Duration leaseTerm,
            Clock clock,
            CommitRetry retry,
            Optional<Execution> execution,
            TransactionListener listener) {
        /** Of a run to whose transactions nobody listens. */
        public Terms(
                Activity activity,
                Worker worker,
                Duration leaseTerm,
                Clock clock,
                CommitRetry retry,
                Optional<Execution> execution) {
            this(activity, worker, leaseTerm, clock, retry, execution, TransactionListener.NONE);
        }

        /** Of a run by itself. */
        public Terms(Activity activity, Worker worker, Duration leaseTerm, Clock clock, CommitRetry retry) {
            this(activity, worker, leaseTerm, clock, retry, Optional.empty());
        }

        /** Of a run of an execution. */
        public Terms of(Execution newExecution) {
            return new Terms(activity, worker, leaseTerm, clock, retry, Optional.of(newExecution), listener);
        }

        private void retried(RetryLog retries, Retry retry) {
            retries.add(retry);
            listener.retried(activity);
        }
    }

    private record Beginning(String id, String activity, Instant at) {}

    private final LakeSession session;
    private final Terms terms;
    private final String word;
    private final RetryLog retries;
    private Lease lease;

    private LeasedRun(LakeSession session, Terms terms, String word, RetryLog retries, Lease lease) {
        this.session = session;
        this.terms = terms;
        this.word = word;
        this.retries = retries;
        this.lease = lease;
    }

    /** Takes the lease and records that the run has begun, in one transaction; or tells who holds it. */
    public static RunStart begin(LakeSession session, DatasetName dataset, Terms terms) {
        return begin(session, dataset, terms, terms.activity().word());
    }

    /**
     * As {@link #begin(LakeSession, DatasetName, Terms)}, for a run that does something else under the lease: deaths before it
     * stay counted for the next one that does what the lease is for.
     *
     * @param word in the run table's column {@code activity}
     */
    public static RunStart begin(LakeSession session, DatasetName dataset, Terms terms, String word) {
        String runId = Generators.timeBasedEpochGenerator().generate().toString();
        LeaseTable leases = new LeaseTable(session);
        RetryLog retries = new RetryLog();
        try {
            RunStart start = terms.retry()
                    .<RunStart>run(
                            session,
                            "taking the " + terms.activity().word() + " lease of dataset '" + dataset + "'",
                            () -> {
                                Instant now = terms.clock().instant();
                                LeaseTable.Entry seen = leases.read(dataset, terms.activity());
                                // An earlier try that nobody answered may have come through since it was read back.
                                Optional<Lease> mine = seen.heldBy(dataset, terms.activity(), runId);
                                if (mine.isPresent()) {
                                    return new RunStart.Started(
                                            new LeasedRun(session, terms, word, retries, mine.orElseThrow()));
                                }
                                if (!seen.isFreeAt(now)) {
                                    return heldBy(seen);
                                }
                                Lease lease =
                                        take(session, leases, dataset, seen, new Beginning(runId, word, now), terms);
                                return new RunStart.Started(new LeasedRun(session, terms, word, retries, lease));
                            },
                            () -> leases.read(dataset, terms.activity())
                                    .heldBy(dataset, terms.activity(), runId)
                                    .<RunStart>map(lease ->
                                            new RunStart.Started(new LeasedRun(session, terms, word, retries, lease))),
                            retry -> terms.retried(retries, retry))
                    .value();
            if (start instanceof RunStart.Started started) {
                started.run().begun();
            }
            return start;
        } catch (FencedException e) {
            return heldBy(leases.read(dataset, terms.activity()));
        }
    }

    private void begun() {
        terms.execution().ifPresent(execution -> execution.begun(lease.dataset()));
        LogContext.begin(runId());
        LOG.info("{} begins", word);
    }

    private static Lease take(
            LakeSession session,
            LeaseTable leases,
            DatasetName dataset,
            LeaseTable.Entry seen,
            Beginning run,
            Terms terms) {
        LeaseTable.Term term = new LeaseTable.Term(run.at(), run.at().plus(terms.leaseTerm()));
        Lease lease = leases.take(dataset, terms.activity(), seen, terms.worker(), run.id(), term);
        RunTable table = new RunTable(session);
        seen.runId().ifPresent(died -> table.died(died, run.at()));
        terms.execution().ifPresent(execution -> execution.record(session));
        table.begin(
                run.id(),
                terms.execution().flatMap(Execution::parentId),
                terms.worker(),
                run.activity(),
                Optional.of(dataset),
                run.at());
        return lease;
    }

    private static RunStart heldBy(LeaseTable.Entry entry) {
        return new RunStart.HeldByAnother(
                entry.holder().map(Worker::toString).orElse("another run that has just ended"),
                entry.takenAt().orElse(Instant.EPOCH),
                entry.expiresAt().orElse(Instant.EPOCH));
    }

    public String runId() {
        return lease.runId();
    }

    public Lease lease() {
        return lease;
    }

    /**
     * Raises the token and extends the lease, inside of the caller's transaction; {@link #raised} makes it this run's when
     * the transaction is known to have committed.
     *
     * @throws FencedException when another holder has the lease
     */
    public Lease raiseToken() {
        return new LeaseTable(session).raise(lease, terms.clock().instant().plus(terms.leaseTerm()), deathsToKeep());
    }

    /**
     * As {@link #raiseToken}, for an exchange of files that raises the token too, at the COMMIT of the caller's transaction.
     *
     * @throws FencedException when another holder has the lease
     */
    public ExchangeOutcome exchange(
            CatalogExchange.Prepared exchange, CompactionStep step, CatalogExchange.Message message) {
        Instant expiry = terms.clock().instant().plus(terms.leaseTerm());
        Lease raised =
                new Lease(lease.dataset(), lease.activity(), lease.token() + 1, lease.runId(), expiry, deathsToKeep());
        return exchange.stage(lease, raised, step, message);
    }

    /** Takes over the lease as a committed transaction left it. */
    public void raised(Lease newLease) {
        this.lease = newLease;
    }

    /**
     * Extends the lease, in a transaction of its own, when half of its term is over: for work that takes long between two commits.
     *
     * @throws FencedException when another holder has the lease
     */
    public void extendWhenHalfOver() {
        Instant half = terms.clock().instant().plus(terms.leaseTerm().dividedBy(2));
        if (half.isBefore(lease.expiresAt())) {
            return;
        }
        long before = lease.token();
        raised(commit("extending the lease of dataset '" + lease.dataset() + "'", this::raiseToken, () -> Optional.of(
                                reread())
                        .filter(now -> now.token() > before))
                .value());
    }

    /** Reads the lease as it stands: for a caller that found by reading back that its transaction had committed. */
    public Lease reread() {
        return new LeaseTable(session)
                .read(lease.dataset(), lease.activity())
                .heldBy(lease.dataset(), lease.activity(), lease.runId())
                .orElseThrow(() -> new FencedException(lease));
    }

    /** Runs a transaction of this run as {@link CommitRetry#run} does; the run's record tells of its retries. */
    public <T> CommitRetry.Outcome<T> commit(String doing, Transaction.Body<T> body, Supplier<Optional<T>> readBack) {
        CommitRetry.Outcome<T> outcome = commitQuietly(doing, body, readBack);
        terms.listener().committed(terms.activity(), outcome.elapsed());
        return outcome;
    }

    private <T> CommitRetry.Outcome<T> commitQuietly(
            String doing, Transaction.Body<T> body, Supplier<Optional<T>> readBack) {
        return terms.retry().run(session, doing, body, readBack, retry -> terms.retried(retries, retry));
    }

    /** How many tries of this run's transactions were made again until now. */
    public int retries() {
        return retries.count();
    }

    /** Records how the run ended and releases the lease, in one transaction; a fenced run only records. */
    public void end(RunOutcome outcome, RunCounts counts, Optional<String> error) {
        RunTable table = new RunTable(session);
        commitQuietly(
                "recording the end of run " + runId(),
                () -> {
                    if (outcome != RunOutcome.FENCED) {
                        new LeaseTable(session).release(lease, deathsToKeep());
                    }
                    table.end(runId(), new RunTable.End(terms.clock().instant(), outcome, counts, retries, error));
                    return true;
                },
                () -> table.hasEnded(runId(), outcome));
        ended(outcome, counts, error);
    }

    private void ended(RunOutcome outcome, RunCounts counts, Optional<String> error) {
        RunSummary summary = new RunSummary(word, Optional.of(lease.dataset()), outcome, counts, error);
        terms.execution().ifPresent(execution -> execution.ended(summary, retries));
        LOG.info(
                "{} {}: {} files, {} rows, {} bytes, {} quarantined, {} commits, {} retries",
                word,
                outcome.word(),
                counts.files(),
                counts.rows(),
                counts.bytes(),
                counts.quarantinedFiles(),
                counts.commits(),
                retries.count());
    }

    /** Records that the run ended with an exception; when even that fails, the exception carries it along. */
    public void endAfter(RuntimeException cause, RunCounts counts) {
        RunOutcome outcome = cause instanceof FencedException ? RunOutcome.FENCED : RunOutcome.FAILED;
        try {
            end(outcome, counts, RunTable.error(cause));
        } catch (RuntimeException e) {
            // The lease runs out by itself; the cause is what the caller has to know.
            LOG.warn("The end of run {} could not be recorded: {}", runId(), e.getMessage());
            cause.addSuppressed(e);
            ended(outcome, counts, RunTable.error(cause));
        }
    }

    /** The work that killed others was not touched where the run does something else. */
    private int deathsToKeep() {
        return word.equals(terms.activity().word()) ? 0 : lease.deaths();
    }
}
