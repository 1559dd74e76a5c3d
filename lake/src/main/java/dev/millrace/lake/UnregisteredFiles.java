package dev.millrace.lake;

import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StorageException;
import dev.millrace.storage.StoredObject;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lake files that no transaction has named yet: written for one that will, or removed when none will. Belongs to its session's thread. */
public final class UnregisteredFiles {
    private static final Logger LOG = LoggerFactory.getLogger(UnregisteredFiles.class);

    private final LakeSession session;
    private final ObjectStore lakeData;

    /** @param lakeData which has the session's data path as its root */
    public UnregisteredFiles(LakeSession session, ObjectStore lakeData) {
        this.session = session;
        this.lakeData = lakeData;
    }

    /**
     * As {@link DatasetFiles#write}, also where the dataset has no folder yet; what was written outlives a crash of the machine.
     *
     * @throws StatementException when the engine refuses; files that it had begun are left behind, to be {@link #remove removed}
     */
    public List<WrittenFile> write(DatasetFiles files, String select, String name, Object... values) {
        lakeData.makeFolder(key(files.folder()));
        List<WrittenFile> written = files.write(select, name, values);
        makeDurable(written.stream().map(WrittenFile::path).toList());
        return written;
    }

    /** What was put to these paths outlives a crash of the machine when this returns. */
    public void makeDurable(Collection<String> paths) {
        lakeData.makeDurable(paths.stream().map(this::key).toList());
    }

    /**
     * Removes what was written or begun, and will never be named: a disk that is full must not fill up with every try. What a store does not
     * let be removed is only told of in the log; it is an orphan, which the cleaner finds later.
     *
     * @param name that all of the files begin with, as it was given to {@link DatasetFiles#write}
     */
    public void remove(DatasetFiles files, String name) {
        try {
            lakeData.list(
                    key(files.folder()),
                    page -> lakeData.delete(page.stream()
                            .map(StoredObject::key)
                            .filter(key ->
                                    key.substring(key.lastIndexOf('/') + 1).startsWith(name + "-"))
                            .toList()));
        } catch (StorageException e) {
            LOG.warn("What was written of {} could not be removed from {}: {}", name, files.folder(), e.getMessage());
        }
    }

    private String key(String path) {
        return path.substring(session.address().dataPath().length());
    }
}
