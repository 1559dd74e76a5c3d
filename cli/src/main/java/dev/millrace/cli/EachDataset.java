package dev.millrace.cli;

import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.Contract;
import java.io.PrintStream;
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
        return run(contracts, session, err, () -> false, work);
    }

    /** As {@link #run(Collection, LakeSession, PrintStream, Work)}; begins with no further dataset when it is asked to stop. */
    static ExitCode run(
            Collection<Contract> contracts,
            LakeSession session,
            PrintStream err,
            BooleanSupplier isStopAsked,
            Work work) {
        Optional<ExitCode> failure = Optional.empty();
        ExitCode result = ExitCode.DONE;
        for (Contract contract : contracts) {
            if (isStopAsked.getAsBoolean()) {
                break;
            }
            try {
                ExitCode ended = work.on(contract);
                result = ended == ExitCode.DONE ? result : ended;
            } catch (RuntimeException e) {
                if (contracts.size() == 1) {
                    throw e;
                }
                err.println("millrace: " + FailureReport.message(e));
                failure = failure.or(() -> Optional.of(FailureReport.exitCode(e)));
                if (!isStopAsked.getAsBoolean()) {
                    session.reconnect();
                }
            }
        }
        return failure.orElse(result);
    }
}
