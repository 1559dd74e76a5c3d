package dev.millrace.cli.doctor;

import java.util.function.Function;

/**
 * Turns what a check throws into a finding.
 *
 * @param message the one line that the command has for an exception
 */
record FailureWords(Function<Throwable, String> message) {
    /** Our messages say behind a semicolon what to do; those that do not get the given remedy. */
    Finding finding(Throwable failure, String remedy) {
        String text = message.apply(failure);
        int end = text.indexOf("; ");
        return end > 0 && end + 2 < text.length()
                ? Finding.failed(text.substring(0, end), text.substring(end + 2))
                : Finding.failed(text.isBlank() ? failure.getClass().getSimpleName() : text, remedy);
    }
}
