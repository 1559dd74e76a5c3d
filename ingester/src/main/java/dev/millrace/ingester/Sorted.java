package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.ingester.Inspection.Unsettled;
import dev.millrace.lake.ColumnChange;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The inspected files of a window, sorted by what was found. */
record Sorted(List<Loadable> loadable, List<Refused> refused, List<Unsettled> unsettled) {
    static Sorted of(List<Inspection> inspections) {
        return new Sorted(
                only(inspections, Loadable.class),
                only(inspections, Refused.class),
                only(inspections, Unsettled.class));
    }

    /** The files that bring none of these changes stay loadable; of the others it is said why the lake refuses the change. */
    Sorted without(Map<ColumnChange, String> refusedChanges) {
        if (refusedChanges.isEmpty()) {
            return this;
        }
        List<Loadable> fitting = new ArrayList<>();
        List<Refused> misfits = new ArrayList<>(refused);
        for (Loadable file : loadable) {
            file.changes().stream()
                    .flatMap(change -> refusal(change, refusedChanges).stream())
                    .findFirst()
                    .ifPresentOrElse(
                            message -> misfits.add(new Refused(
                                    file.file(), new Quarantine(QuarantineReason.SCHEMA_MISMATCH, message))),
                            () -> fitting.add(file));
        }
        return new Sorted(fitting, misfits, unsettled);
    }

    /** What one file would widen further than another one is the same column, and the same rows. */
    private static Optional<String> refusal(ColumnChange change, Map<ColumnChange, String> refusedChanges) {
        if (change instanceof ColumnChange.ColumnWidened widened) {
            return refusedChanges.entrySet().stream()
                    .filter(refused -> refused.getKey() instanceof ColumnChange.ColumnWidened
                            && refused.getKey().subject().equals(widened.name()))
                    .findFirst()
                    .map(refused -> "the column '" + widened.name() + "' has a type in the file that takes "
                            + widened.engineType().sql() + ", and "
                            + widened.formerType().sql() + " in the dataset, and is not widened: "
                            + refused.getValue());
        }
        return Optional.ofNullable(refusedChanges.get(change))
                .map(reason -> "its column '" + change.subject() + "' has the type "
                        + change.type().orElseThrow() + ", which can't be added to the dataset: " + reason);
    }

    private static <T extends Inspection> List<T> only(List<Inspection> inspections, Class<T> type) {
        return inspections.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
