package dev.millrace.cli;

import java.util.concurrent.Callable;

/** One verb of the command. It throws when it fails: {@link FailureReport} knows the words and the exit code. */
interface Subcommand extends Callable<Integer> {
    ExitCode run() throws Exception;

    @Override
    default Integer call() throws Exception {
        return run().code();
    }
}
