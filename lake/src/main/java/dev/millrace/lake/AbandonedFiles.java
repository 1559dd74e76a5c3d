package dev.millrace.lake;

import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StorageException;
import dev.millrace.storage.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes lake files that were written, or begun, and that no transaction has ever named: a disk that is full must not fill up with every
 * try. What can't be removed is an orphan, which the cleaner finds later.
 */
public final class AbandonedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedFiles.class);

    private final LakeSession session;
    private final ObjectStore lakeData;

    /** @param lakeData which has the session's data path as its root */
    public AbandonedFiles(LakeSession session, ObjectStore lakeData) {
        this.session = session;
        this.lakeData = lakeData;
    }

    /**
     * Removes them; a store that does not let it is only told of in the log.
     *
     * @param folder of the dataset, as {@link DatasetFiles#folder()}
     * @param name that all of the files begin with, as it was given to {@link DatasetFiles#write}
     */
    public void remove(String folder, String name) {
        try {
            lakeData.list(
                    folder.substring(session.address().dataPath().length()),
                    page -> lakeData.delete(page.stream()
                            .map(StoredObject::key)
                            .filter(key ->
                                    key.substring(key.lastIndexOf('/') + 1).startsWith(name + "-"))
                            .toList()));
        } catch (StorageException e) {
            LOG.warn("What was written of {} could not be removed from {}: {}", name, folder, e.getMessage());
        }
    }
}
