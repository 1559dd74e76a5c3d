package dev.millrace.cli;

import dev.millrace.cli.log.EventLog;
import dev.millrace.cli.serve.JobEnd;
import dev.millrace.lake.LogContext;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Turns how a command's run ended into the end of a job. */
final class ScheduledRun {
    private ScheduledRun() {}

    static JobEnd end(StandardStreams log, BooleanSupplier isStopAsked, Supplier<ExitCode> run) {
        LogContext.clear();
        try {
            ExitCode exitCode = run.get();
            if (isStopAsked.getAsBoolean()) {
                return new JobEnd(JobEnd.Outcome.STOPPED, "");
            }
            return switch (exitCode) {
                case DONE -> JobEnd.succeeded();
                case TRY_AGAIN_LATER -> new JobEnd(JobEnd.Outcome.HELD_BY_ANOTHER, exitCode.meaning());
                default -> JobEnd.failed(exitCode.meaning());
            };
        } catch (StoppedException e) {
            return new JobEnd(JobEnd.Outcome.STOPPED, e.getMessage());
        } catch (RuntimeException e) {
            String message = FailureReport.message(e);
            EventLog.failure(log.err(), message);
            return JobEnd.failed(message);
        }
    }
}
