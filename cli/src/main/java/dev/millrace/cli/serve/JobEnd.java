package dev.millrace.cli.serve;

import java.util.Locale;

/**
 * How a job ended.
 *
 * @param message a sentence for people; empty when there is nothing to say
 */
public record JobEnd(Outcome outcome, String message) {
    /** The kinds of ends. */
    public enum Outcome {
        SUCCEEDED,
        /** Another process has a dataset; the others were done. */
        HELD_BY_ANOTHER,
        FAILED,
        /** It was asked to. */
        STOPPED;

        /** As metrics and JSON name it: {@code held-by-another}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public static JobEnd succeeded() {
        return new JobEnd(Outcome.SUCCEEDED, "");
    }

    public static JobEnd failed(String message) {
        return new JobEnd(Outcome.FAILED, message);
    }
}
