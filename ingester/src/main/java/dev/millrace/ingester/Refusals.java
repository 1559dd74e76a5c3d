package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.schemas.DatasetName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What one run refuses. Files whose refusal {@linkplain dev.millrace.lake.QuarantineReason#mayBeNoFaultOfTheFile() may be no fault of
 * theirs} are put into quarantine when a file was loaded beside them, which proves that engine, machine and store work, or at the end when
 * they are few. When they are many and nothing was loaded, the run stops and leaves them all where they are. All others go into
 * quarantine at once.
 */
final class Refusals {
    private final DatasetName dataset;
    private final int most;
    private final Consumer<List<Refused>> quarantine;
    private final List<Refused> withheld = new ArrayList<>();
    private int inARow;

    /**
     * @param most as many doubtful ones without a file that is loaded stop the run
     * @param quarantine records refused files in the ledger
     */
    Refusals(DatasetName dataset, int most, Consumer<List<Refused>> quarantine) {
        this.dataset = dataset;
        this.most = most;
        this.quarantine = quarantine;
    }

    /** Whether a file was refused and no ledger knows of it yet. */
    boolean isWithheld(String key) {
        return withheld.stream().anyMatch(refused -> refused.file().key().equals(key));
    }

    /** Files of a window that can't be loaded; those of them that can are tried before many are judged. */
    void found(List<Refused> refused) {
        Map<Boolean, List<Refused>> byDoubt = byDoubt(refused);
        if (withheld.size() + byDoubt.get(true).size() < most) {
            quarantine.accept(refused);
            return;
        }
        quarantine.accept(byDoubt.get(false));
        withheld.addAll(byDoubt.get(true));
    }

    /**
     * Files that could not be loaded when it was tried.
     *
     * @throws RefusalsException when these are too many one after the other
     */
    void foundWhileLoading(List<Refused> refused) {
        Map<Boolean, List<Refused>> byDoubt = byDoubt(refused);
        quarantine.accept(byDoubt.get(false));
        withheld.addAll(byDoubt.get(true));
        inARow += byDoubt.get(true).size();
        if (inARow >= most) {
            throw new RefusalsException(dataset, withheld);
        }
    }

    /** Files were loaded. */
    void loaded() {
        inARow = 0;
        release();
    }

    /**
     * All files of a window that can be loaded are.
     *
     * @throws RefusalsException when too many were refused since one was loaded
     */
    void windowEnded() {
        if (withheld.size() >= most) {
            throw new RefusalsException(dataset, withheld);
        }
    }

    /** Nothing waits any more. */
    void ended() {
        release();
    }

    private void release() {
        List<Refused> released = List.copyOf(withheld);
        withheld.clear();
        quarantine.accept(released);
    }

    private static Map<Boolean, List<Refused>> byDoubt(List<Refused> refused) {
        return refused.stream()
                .collect(Collectors.partitioningBy(
                        file -> file.quarantine().reason().mayBeNoFaultOfTheFile()));
    }
}
