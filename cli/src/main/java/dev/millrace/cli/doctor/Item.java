package dev.millrace.cli.doctor;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One of the things that a check has looked at: a dataset, a lease, a session.
 *
 * @param subject which one
 * @param numbers what was counted, for programs; the unit stands in the name where it is not a number of things
 */
public record Item(String subject, Status status, String seen, Map<String, Long> numbers) {
    public Item {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(seen, "seen");
        subject = oneLine(subject);
        seen = oneLine(seen);
        numbers = Collections.unmodifiableMap(new TreeMap<>(numbers));
    }

    Item(String subject, Status status, String seen) {
        this(subject, status, seen, Map.of());
    }

    /** On one line, and without what a terminal would take for a command: others have written parts of it. */
    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?");
    }

    Item rewritten(UnaryOperator<String> text) {
        return new Item(text.apply(subject), status, text.apply(seen), numbers);
    }
}
