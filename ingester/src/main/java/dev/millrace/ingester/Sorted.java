package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.ingester.Inspection.Unsettled;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.lake.WiderTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The inspected files of a window, sorted by what was found. */
record Sorted(List<Loadable> loadable, List<Refused> refused, List<Unsettled> unsettled) {
    static Sorted of(List<Inspection> inspections) {
        return new Sorted(
                only(inspections, Loadable.class),
                only(inspections, Refused.class),
                only(inspections, Unsettled.class));
    }

    /**
     * The columns that have to be added to the dataset for the loadable files, each name once: of two types the one that holds
     * both, else the first, for which the other files will not fit.
     */
    List<LakeColumn> newColumns() {
        Map<String, LakeColumn> byName = new LinkedHashMap<>();
        loadable.forEach(file -> file.newColumns()
                .forEach(column -> byName.merge(
                        column.name(),
                        column,
                        (seen, more) -> WiderTypes.holds(more.type(), seen.type()) ? more : seen)));
        return List.copyOf(byName.values());
    }

    /** The files that bring none of these columns stay loadable; of the others it is said why the lake refuses the column. */
    Sorted without(Map<LakeColumn, String> refusedColumns) {
        if (refusedColumns.isEmpty()) {
            return this;
        }
        List<Loadable> fitting = new ArrayList<>();
        List<Refused> misfits = new ArrayList<>(refused);
        for (Loadable file : loadable) {
            file.newColumns().stream()
                    .filter(refusedColumns::containsKey)
                    .findFirst()
                    .ifPresentOrElse(
                            column -> misfits.add(new Refused(
                                    file.file(),
                                    new Quarantine(
                                            QuarantineReason.SCHEMA_MISMATCH,
                                            "its column '" + column.name() + "' has the type " + column.type()
                                                    + ", which can't be added to the dataset: "
                                                    + refusedColumns.get(column)))),
                            () -> fitting.add(file));
        }
        return new Sorted(fitting, misfits, unsettled);
    }

    private static <T extends Inspection> List<T> only(List<Inspection> inspections, Class<T> type) {
        return inspections.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
