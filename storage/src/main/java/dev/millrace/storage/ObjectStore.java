package dev.millrace.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Immutable objects under keys such as {@code flights/ua/0198….parquet}, relative to the root of this store.
 *
 * <p>Safe to use from many threads and by many processes at once. Every method throws {@link StorageException} when the
 * store can't be reached or refuses. Keys use {@code /} and never leave the root.
 */
public interface ObjectStore {
    /** How many objects a page of a listing has at most. */
    int PAGE_OBJECTS = 1_000;

    /** The root as a user would write it: a folder or an {@code s3://} address. */
    String root();

    /** Whether the store itself finds out, when an object is read, that its bytes are not those that were put there. */
    boolean verifiesContent();

    /** The address under which the engine reads and writes the object of a key. */
    String address(String key);

    /**
     * A local path at which a caller builds the content for {@link #putIfAbsent}: as near to the key's place as the store
     * allows, under a name that no listing shows. The parent folder exists; the file does not.
     */
    Path newSpoolFile(String key);

    /**
     * Stores a file's content under a key in one step, visible whole or not at all, and durable when this returns.
     *
     * <p>Takes the file over: it is gone afterwards. When the key is taken by the same content, that is success; a caller
     * whose try ended in an unknown way repeats it.
     *
     * @throws KeyConflictException when the key is taken by other content; the file is left where it is
     * @throws StorageException when it failed; the file is left where it is, for another try
     */
    PutOutcome putIfAbsent(String key, Path file);

    /**
     * Finds out whether this user may put an object under a key, and leaves none: begins a put and gives it up.
     *
     * @throws AccessDeniedException when the user may not, or may not give up what was begun
     */
    void tryPut(String key);

    /**
     * Lists the objects whose key begins with a prefix that ends in {@code /}, page by page and in no particular order, in
     * memory that does not grow with their number. Objects that come or go meanwhile may be in it or not. A prefix under
     * which nothing was ever stored has no objects.
     */
    void list(String prefix, Consumer<List<StoredObject>> page);

    /**
     * The names of the folders at the root, in alphabetical order, without those that begin with a dot: by one request for a thousand of them,
     * whatever is in them.
     */
    List<String> folders();

    /** Looks at one object. */
    Optional<StoredObject> find(String key);

    /** Reads an object from its beginning; the caller closes the stream. */
    InputStream open(String key) throws IOException;

    /** Reads an object from an offset on, which lies within it; the caller closes the stream. */
    InputStream open(String key, long offset) throws IOException;

    /**
     * Copies an object of another store, or of this one, without passing it through the process where the stores can; never
     * overwrites.
     */
    PutOutcome copyIfAbsent(ObjectStore source, String sourceKey, String key);

    /** Sees to it that the engine can write below a prefix, where folders have to exist for that. */
    void makeFolder(String prefix);

    /** Makes objects that the engine has written survive a loss of power, where the store does not do so by itself. */
    void makeDurable(Collection<String> keys);

    /** Deletes objects; a key under which there is nothing counts as deleted. */
    void delete(Collection<String> keys);

    /** Removes what puts that never ended have left below a prefix, when it is older than an age. Returns how many. */
    int removeAbandonedPuts(String prefix, Duration olderThan);
}
