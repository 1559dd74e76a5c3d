package dev.millrace.cli;

import dev.millrace.cli.log.EventLog;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LogContext;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Does one thing for several datasets: the failure of one does not keep the others from it. */
final class EachDataset {
    /** The thing; says how it ended. */
    @FunctionalInterface
    interface Work {
        ExitCode on(Contract contract);
    }

    private EachDataset() {}

    /**
     * Works on all.
     *
     * @return the code of the first failure, else "try again later" when a dataset was held by another, else done
     */
    static ExitCode run(Collection<Contract> contracts, LakeSession session, PrintStream err, Work work) {
        return run(contracts, session, err, Optional.empty(), work);
    }

    /** As {@link #run(Collection, LakeSession, PrintStream, Work)}; what fails before it is a run is recorded as one. */
    static ExitCode run(
            Collection<Contract> contracts,
            LakeSession session,
            PrintStream err,
            Optional<Execution> execution,
            Work work) {
        return run(contracts, session, err, execution, () -> false, work);
    }

    /**
     * As {@link #run(Collection, LakeSession, PrintStream, Optional, Work)}; begins with no further dataset when it is asked to
     * stop.
     */
    static ExitCode run(
            Collection<Contract> contracts,
            LakeSession session,
            PrintStream err,
            Optional<Execution> execution,
            BooleanSupplier isStopAsked,
            Work work) {
        Optional<ExitCode> failure = Optional.empty();
        ExitCode result = ExitCode.DONE;
        for (Contract contract : contracts) {
            if (isStopAsked.getAsBoolean()) {
                break;
            }
            DatasetName dataset = contract.dataset();
            Optional<Instant> since = execution.map(Execution::now);
            try {
                ExitCode ended = LogContext.about(dataset, () -> work.on(contract));
                if (ended == ExitCode.DONE) {
                    execution.ifPresent(x -> x.wentWell(dataset));
                } else {
                    result = ended;
                }
            } catch (RuntimeException e) {
                if (contracts.size() == 1) {
                    execution.ifPresent(x -> x.failed(session, dataset, since.orElseThrow(), e));
                    throw e;
                }
                LogContext.about(dataset, () -> {
                    EventLog.failure(err, FailureReport.message(e));
                    return ExitCode.FAILED;
                });
                failure = failure.or(() -> Optional.of(FailureReport.exitCode(e)));
                if (!(e instanceof StoppedException)) {
                    session.reconnect();
                }
                execution.ifPresent(x -> x.failed(session, dataset, since.orElseThrow(), e));
            }
        }
        return failure.orElse(result);
    }
}
