package dev.millrace.cli.doctor;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a check has found.
 *
 * @param seen one line: what was seen, or why nothing was
 * @param remedy one line: what to do next; there for warnings and failures
 * @param items the single things behind {@code seen}, where it sums up several
 */
public record Finding(Status status, String seen, Optional<String> remedy, List<Item> items) {
    public Finding {
        Objects.requireNonNull(status, "status");
        if (seen.isBlank()) {
            throw new IllegalArgumentException("a finding says what was seen");
        }
        boolean needsRemedy = status == Status.WARNING || status == Status.FAILED;
        if (needsRemedy != remedy.isPresent()) {
            throw new IllegalArgumentException("a " + status.word() + " finding "
                    + (needsRemedy ? "says" : "does not say") + " what to do: " + seen);
        }
        seen = Item.oneLine(seen);
        remedy = remedy.map(Item::oneLine);
        items = List.copyOf(items);
    }

    static Finding ok(String seen) {
        return new Finding(Status.OK, seen, Optional.empty(), List.of());
    }

    static Finding warning(String seen, String remedy) {
        return new Finding(Status.WARNING, seen, Optional.of(remedy), List.of());
    }

    static Finding failed(String seen, String remedy) {
        return new Finding(Status.FAILED, seen, Optional.of(remedy), List.of());
    }

    static Finding skipped(String why) {
        return new Finding(Status.SKIPPED, why, Optional.empty(), List.of());
    }

    /** Of a status that the caller has judged; the remedy is passed over where none is needed. */
    static Finding of(Status status, String seen, String remedy) {
        return switch (status) {
            case OK -> ok(seen);
            case WARNING -> warning(seen, remedy);
            case FAILED -> failed(seen, remedy);
            case SKIPPED -> skipped(seen);
        };
    }

    Finding withItems(List<Item> newItems) {
        return new Finding(status, seen, remedy, newItems);
    }

    Finding rewritten(UnaryOperator<String> text) {
        return new Finding(
                status,
                text.apply(seen),
                remedy.map(text),
                items.stream().map(item -> item.rewritten(text)).toList());
    }
}
