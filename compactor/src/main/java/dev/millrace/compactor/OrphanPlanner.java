package dev.millrace.compactor;

import java.time.Instant;
import java.util.Map;

/** Decides which files that the catalog does not name may go, and whether any may. Pure. */
final class OrphanPlanner {
    /** A handful is left by any crash, and may be all of a small lake. */
    static final int HANDFUL = 100;

    private static final int PERCENT = 100;

    /** What a file is that the catalog does not name. */
    enum Standing {
        /** Nobody can need it. */
        DUE,
        /** Not old enough. */
        YOUNG,
        /** A run that holds a lease of its dataset may have made it, and may still commit. */
        IN_FLIGHT
    }

    private final OrphanSettings settings;
    private final Instant now;
    private final Map<String, Instant> inFlightFrom;

    /** @param heldSince since when somebody holds a lease, by the folders of the datasets; others are held by nobody */
    OrphanPlanner(OrphanSettings settings, Instant now, Map<String, Instant> heldSince) {
        this.settings = settings;
        this.now = now;
        this.inFlightFrom = Map.copyOf(heldSince);
    }

    /**
     * Looks at one file. A lease protects also what seems a little older than itself, by the age that counts here anyway: the clock
     * of its holder and that of the store may differ.
     */
    Standing standing(UnknownFile file) {
        if (!file.madeAt().isBefore(now.minus(settings.age()))) {
            return Standing.YOUNG;
        }
        Instant heldSince = inFlightFrom.get(file.folder());
        return heldSince == null || file.madeAt().plus(settings.age()).isBefore(heldSince)
                ? Standing.DUE
                : Standing.IN_FLIGHT;
    }

    /** Decides for all of them. */
    OrphanPlan plan(LakeData lakeData, Orphans orphans) {
        long due = orphans.due().files();
        if (due == 0) {
            return new OrphanPlan.Removal(lakeData, orphans);
        }
        if (lakeData.unplacedFiles() > 0) {
            return new OrphanPlan.Refusal(lakeData, orphans, OrphanPlan.Reason.UNPLACED);
        }
        if (lakeData.namedFiles() > 0 && lakeData.namedFilesFound() == 0) {
            return new OrphanPlan.Refusal(lakeData, orphans, OrphanPlan.Reason.NONE_FOUND);
        }
        if (settings.maxSharePercent() == OrphanSettings.ALL) {
            return new OrphanPlan.Removal(lakeData, orphans);
        }
        if (lakeData.namedFiles() == 0) {
            return new OrphanPlan.Refusal(lakeData, orphans, OrphanPlan.Reason.NONE_NAMED);
        }
        return due <= HANDFUL || due * PERCENT <= lakeData.files().files() * settings.maxSharePercent()
                ? new OrphanPlan.Removal(lakeData, orphans)
                : new OrphanPlan.Refusal(lakeData, orphans, OrphanPlan.Reason.TOO_MANY);
    }
}
