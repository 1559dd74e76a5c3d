package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.ingester.Inspection.Unsettled;
import java.util.List;

/** The inspected files of a window, sorted by what was found. */
record Sorted(List<Loadable> loadable, List<Refused> refused, List<Unsettled> unsettled) {
    static Sorted of(List<Inspection> inspections) {
        return new Sorted(
                only(inspections, Loadable.class),
                only(inspections, Refused.class),
                only(inspections, Unsettled.class));
    }

    private static <T extends Inspection> List<T> only(List<Inspection> inspections, Class<T> type) {
        return inspections.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
