package dev.millrace.cli.doctor;

import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import dev.millrace.storage.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Which quarantined files still lie in the staging area: those that are gone count as settled. */
final class Quarantine implements Check {
    /** Newest first; more are not looked for one by one. */
    private static final int MAX_LOOKED_FOR = 100;

    private static final String FILES = """
            SELECT dataset, staged_key, reason FROM lake.millrace.ledger
            WHERE status = 'quarantined' ORDER BY decided_at DESC, staged_key
            """;

    private record RefusedFile(DatasetName dataset, String key, String reason) {}

    private final Supplier<LakeSession> session;
    private final Supplier<ObjectStore> staging;
    private final Predicate<DatasetName> isWanted;

    Quarantine(Supplier<LakeSession> session, Supplier<ObjectStore> staging, Predicate<DatasetName> isWanted) {
        this.session = session;
        this.staging = staging;
        this.isWanted = isWanted;
    }

    @Override
    public Finding look() {
        List<RefusedFile> files = session
                .get()
                .query(
                        FILES,
                        row -> new RefusedFile(DatasetName.parse(row.getString(1)), row.getString(2), row.getString(3)))
                .stream()
                .filter(file -> isWanted.test(file.dataset()))
                .toList();
        List<RefusedFile> unsettled = new ArrayList<>(
                files.stream().limit(MAX_LOOKED_FOR).filter(this::isThere).toList());
        files.stream().skip(MAX_LOOKED_FOR).forEach(unsettled::add);
        Map<DatasetName, List<RefusedFile>> byDataset = unsettled.stream()
                .collect(Collectors.groupingBy(RefusedFile::dataset, TreeMap::new, Collectors.toList()));
        return QuarantineVerdict.of(
                files.size(),
                byDataset.values().stream()
                        .map(refused -> new QuarantineVerdict.Refused(
                                refused.get(0).dataset(),
                                refused.size(),
                                refused.get(0).key(),
                                refused.get(0).reason()))
                        .toList());
    }

    /** Where this user may not look, the file is taken to be there. */
    private boolean isThere(RefusedFile file) {
        try {
            return staging.get().find(file.key()).isPresent();
        } catch (RuntimeException e) {
            if (Denial.isIn(e)) {
                return true;
            }
            throw e;
        }
    }
}
