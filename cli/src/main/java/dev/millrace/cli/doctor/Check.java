package dev.millrace.cli.doctor;

/**
 * Looks at one thing, and leaves everything as it was.
 *
 * <p>What it throws counts as a failure, and the exception's message as what was seen. It may hang: the {@link Examination}
 * goes on without it.
 */
@FunctionalInterface
interface Check {
    Finding look() throws Exception;
}
