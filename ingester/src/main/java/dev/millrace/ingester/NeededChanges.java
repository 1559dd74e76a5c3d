package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.lake.ColumnChange;
import dev.millrace.lake.EngineType;
import dev.millrace.lake.Evolution;
import dev.millrace.lake.TypeFit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What has to be changed in a dataset for several files together. Pure. */
final class NeededChanges {
    private NeededChanges() {}

    /**
     * Each column and field once, with the oldest file that brings it: of two types the one that holds both, else the first, for which
     * the other files will not fit.
     */
    static List<Evolution> of(Collection<Loadable> files) {
        Map<String, Evolution> bySubject = new LinkedHashMap<>();
        for (Loadable file : files) {
            for (ColumnChange change : file.changes()) {
                Evolution brought =
                        new Evolution(change, Optional.of(file.file().key()));
                bySubject.merge(change.subject(), brought, NeededChanges::both);
            }
        }
        return List.copyOf(bySubject.values());
    }

    private static Evolution both(Evolution seen, Evolution more) {
        if (seen.change() instanceof ColumnChange.ColumnAdded a
                && more.change() instanceof ColumnChange.ColumnAdded b) {
            EngineType type = TypeFit.union(a.engineType(), b.engineType()).orElse(a.engineType());
            return new Evolution(new ColumnChange.ColumnAdded(a.name(), type), seen.broughtBy());
        }
        if (seen.change() instanceof ColumnChange.FieldAdded a && more.change() instanceof ColumnChange.FieldAdded b) {
            EngineType type = TypeFit.union(a.engineType(), b.engineType()).orElse(a.engineType());
            return new Evolution(new ColumnChange.FieldAdded(a.path(), type), seen.broughtBy());
        }
        if (seen.change() instanceof ColumnChange.ColumnWidened a
                && more.change() instanceof ColumnChange.ColumnWidened b) {
            EngineType type = TypeFit.union(a.engineType(), b.engineType()).orElse(a.engineType());
            return new Evolution(new ColumnChange.ColumnWidened(a.name(), a.formerType(), type), seen.broughtBy());
        }
        return seen;
    }

    /** Those that the engine makes in place. */
    static List<Evolution> inPlace(Collection<Loadable> files) {
        return of(files).stream().filter(evolution -> !isWidening(evolution)).toList();
    }

    /** Those for which the dataset's rows are written anew. */
    static List<Evolution> widenings(Collection<Loadable> files) {
        return of(files).stream().filter(NeededChanges::isWidening).toList();
    }

    private static boolean isWidening(Evolution evolution) {
        return evolution.change() instanceof ColumnChange.ColumnWidened;
    }
}
