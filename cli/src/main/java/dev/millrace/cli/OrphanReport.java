package dev.millrace.cli;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.millrace.cli.text.Quantity;
import dev.millrace.compactor.FileCount;
import dev.millrace.compactor.OrphanPlan;
import dev.millrace.compactor.OrphanResult;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of the orphans, or would, as it is printed.
 *
 * @param files as they were found; null where nobody looked
 * @param notBefore when they are looked for again; null where they were looked for now
 * @param message why nothing may go, and what to do; null where it may
 */
record OrphanReport(Outcome outcome, Files files, String notBefore, String message) {
    /** How it ended. */
    enum Outcome {
        REMOVED,
        REFUSED,
        /** A dry run. */
        PLANNED,
        /** They were looked for a short while ago. */
        NOT_DUE,
        /** Something went wrong before. */
        NOT_TRIED;

        /** As programs read it: {@code not-due}. */
        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What stood under the lake's data path.
     *
     * @param lake the lake's files, orphans among them
     * @param due orphans that went, or may go
     * @param young orphans that wait for their age
     * @param inFlight orphans that a run which holds a lease may still commit
     * @param foreign Parquet files that are no dataset's
     * @param other files that are no Parquet files
     */
    record Files(FileCount lake, FileCount due, FileCount young, FileCount inFlight, long foreign, long other) {}

    static final OrphanReport NOT_TRIED = new OrphanReport(Outcome.NOT_TRIED, null, null, null);

    static OrphanReport of(OrphanResult result) {
        return result instanceof OrphanResult.Refused refused
                ? new OrphanReport(Outcome.REFUSED, files(result.plan()), null, refused.message())
                : new OrphanReport(Outcome.REMOVED, files(result.plan()), null, null);
    }

    /** @param lake as {@link OrphanPlan.Refusal#message} takes it */
    static OrphanReport of(OrphanPlan plan, String lake) {
        return plan instanceof OrphanPlan.Refusal refusal
                ? new OrphanReport(Outcome.REFUSED, files(plan), null, refusal.message(lake))
                : new OrphanReport(Outcome.PLANNED, files(plan), null, null);
    }

    static OrphanReport notBefore(Instant next) {
        return new OrphanReport(Outcome.NOT_DUE, null, next.toString(), null);
    }

    private static Files files(OrphanPlan plan) {
        return new Files(
                plan.lakeData().files(),
                plan.orphans().due(),
                plan.orphans().young(),
                plan.orphans().inFlight(),
                plan.lakeData().foreignFiles(),
                plan.lakeData().otherFiles());
    }

    /** A line for people, where there is something to tell; what was refused is told by its message. */
    Optional<String> line() {
        return switch (outcome) {
            case REMOVED ->
                files.due().files() == 0 && files.inFlight().files() == 0
                        ? Optional.empty()
                        : Optional.of(Quantity.of(files.due().files(), "orphan") + " deleted" + details());
            case PLANNED ->
                Optional.of(Quantity.of(orphans(), "orphan") + " known: "
                        + Quantity.count(files.due().files()) + " would be deleted" + details());
            case NOT_DUE -> Optional.of("orphans are looked for again from " + notBefore + " on");
            case REFUSED, NOT_TRIED -> Optional.empty();
        };
    }

    private String details() {
        return " (" + Quantity.bytes(files.due().bytes()) + "), "
                + Quantity.count(files.young().files()) + " too young, "
                + Quantity.count(files.inFlight().files()) + " may still be committed by a run, of "
                + Quantity.of(files.lake().files(), "lake file");
    }

    private long orphans() {
        return files.due().files() + files.young().files() + files.inFlight().files();
    }
}
