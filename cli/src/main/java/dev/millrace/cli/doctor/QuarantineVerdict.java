package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import dev.millrace.schemas.DatasetName;
import java.util.List;
import java.util.Map;

/** Judges refused files. */
final class QuarantineVerdict {
    /**
     * The refused files of a dataset that still lie in the staging area.
     *
     * @param newestKey of the one that was refused last, for {@code reason}
     */
    record Refused(DatasetName dataset, long files, String newestKey, String reason) {}

    private QuarantineVerdict() {}

    /** @param everRefused how many the ledger knows, settled ones among them */
    static Finding of(long everRefused, List<Refused> unsettled) {
        long files = unsettled.stream().mapToLong(Refused::files).sum();
        if (files == 0) {
            return Finding.ok(
                    everRefused == 0
                            ? "no file was refused"
                            : Quantity.of(everRefused, "refused file") + ", none of them left in the staging area");
        }
        return Finding.warning(
                        Quantity.of(files, "refused file") + " in the staging area",
                        "'millrace quarantine list' tells the reasons, 'millrace quarantine show' what to do about each")
                .withItems(unsettled.stream()
                        .map(refused -> new Item(
                                refused.dataset().toString(),
                                Status.WARNING,
                                Quantity.of(refused.files(), "file") + ", the last one " + refused.newestKey() + " ("
                                        + refused.reason() + ")",
                                Map.of("files", refused.files())))
                        .toList());
    }
}
