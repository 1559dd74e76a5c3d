package dev.millrace.storage;

import dev.millrace.failpoint.Failpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * An object store in a local or mounted folder.
 *
 * <p>A put flushes its file under a dot name beside the final one, then makes a hard link under the final name, which fails
 * when that name is taken, and flushes the folder. A copy is a new file, not a link, so that its modification time is that
 * of the copy. Safe for many threads and many processes.
 */
public final class DirectoryStore implements ObjectStore {
    private static final String SPOOL = ".spool-";

    private final Path root;
    private final Clock clock;

    /** As {@link #open(Path)}, with the clock that tells the age of abandoned puts. */
    public DirectoryStore(Path root, Clock clock) {
        this.clock = clock;
        if (!Files.exists(root)) {
            throw new StorageException("the folder " + root + " does not exist; create it with 'millrace init',"
                    + " or check that it is mounted");
        }
        if (!Files.isDirectory(root)) {
            throw new StorageException(root + " is not a folder; choose another place for the store");
        }
        try {
            this.root = root.toRealPath();
        } catch (IOException e) {
            throw FolderFailures.failed("cannot open the folder " + root, e);
        }
    }

    /**
     * Opens a store over a folder that exists.
     *
     * @throws StorageException when the folder is missing or is no folder
     */
    public static DirectoryStore open(Path root) {
        return new DirectoryStore(root, Clock.systemUTC());
    }

    /**
     * Opens a store, after creating its folder when that is missing, and makes sure that it can be written.
     *
     * @throws StorageException when the folder can't be created or written
     */
    public static DirectoryStore create(Path root) {
        try {
            DurableFiles.createFolders(root.toAbsolutePath().normalize());
            DirectoryStore store = open(root);
            store.tryPut("probe");
            return store;
        } catch (IOException e) {
            throw FolderFailures.failed("cannot create a store in the folder " + root, e);
        }
    }

    @Override
    public String root() {
        return root.toString();
    }

    @Override
    public boolean verifiesContent() {
        return false;
    }

    @Override
    public String address(String key) {
        return resolve(key).toString();
    }

    @Override
    public Path newSpoolFile(String key) {
        Path target = resolve(key);
        try {
            DurableFiles.createFolders(target.getParent());
        } catch (IOException e) {
            throw FolderFailures.failed("cannot make the folder of '" + key + "' in " + root, e);
        }
        return spoolFileBeside(target);
    }

    @Override
    public PutOutcome putIfAbsent(String key, Path file) {
        Path target = resolve(key);
        try {
            DurableFiles.createFolders(target.getParent());
            DurableFiles.sync(file);
            Failpoint.BEFORE_PUT.pass();
            PutOutcome outcome = new ExclusiveLink(key, target).to(file, spoolFileBeside(target));
            Failpoint.AFTER_PUT.pass();
            DurableFiles.syncFolder(target.getParent());
            Files.deleteIfExists(file);
            return outcome;
        } catch (IOException e) {
            throw FolderFailures.failed("cannot store '" + key + "' in " + root, e);
        }
    }

    @Override
    public void tryPut(String key) {
        Path file = newSpoolFile(key);
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw FolderFailures.failed("cannot store '" + key + "' in " + root, e);
        } finally {
            FileUtils.deleteQuietly(file.toFile());
        }
    }

    @Override
    public void list(String prefix, Consumer<List<StoredObject>> page) {
        Path start = folder(prefix);
        if (!Files.isDirectory(root)) {
            throw new StorageException("the folder " + root + " is gone; check that it is mounted");
        }
        List<StoredObject> objects = new ArrayList<>();
        try {
            FolderWalk.walk(start, name -> !name.startsWith("."), (file, attributes) -> {
                objects.add(stored(ObjectKeys.keyOf(root, file), attributes));
                if (objects.size() == PAGE_OBJECTS) {
                    ListedPage.handOver(List.copyOf(objects), page);
                    objects.clear();
                }
            });
        } catch (IOException e) {
            throw FolderFailures.failed("cannot list '" + prefix + "' in " + root, e);
        }
        ListedPage.handOver(objects, page);
    }

    @Override
    public List<String> folders() {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw FolderFailures.failed("cannot list the folders in " + root, e);
        }
    }

    @Override
    public Optional<StoredObject> find(String key) {
        Path file = resolve(key);
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? Optional.of(stored(key, attributes)) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw FolderFailures.failed("cannot look at '" + key + "' in " + root, e);
        }
    }

    @Override
    public InputStream open(String key) throws IOException {
        try {
            return Files.newInputStream(resolve(key), LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw FolderFailures.failed("cannot open '" + key + "' in " + root, e);
        }
    }

    @Override
    public InputStream open(String key, long offset) throws IOException {
        InputStream in = open(key);
        try {
            in.skipNBytes(offset);
            return in;
        } catch (IOException e) {
            in.close();
            throw FolderFailures.failed("cannot read '" + key + "' in " + root + " from byte " + offset + " on", e);
        }
    }

    @Override
    public PutOutcome copyIfAbsent(ObjectStore source, String sourceKey, String key) {
        if (source.find(sourceKey).isEmpty()) {
            throw new StorageException("there is no object '" + sourceKey + "' to copy in " + source.root());
        }
        Path aside = newSpoolFile(key);
        try {
            copyTo(aside, source, sourceKey);
            Failpoint.BEFORE_OBJECT_COPY.pass();
            PutOutcome outcome = putIfAbsent(key, aside);
            Failpoint.AFTER_OBJECT_COPY.pass();
            return outcome;
        } catch (IOException e) {
            throw FolderFailures.failed(
                    "cannot copy '" + sourceKey + "' of " + source.root() + " to '" + key + "' in " + root, e);
        } finally {
            FileUtils.deleteQuietly(aside.toFile());
        }
    }

    private static void copyTo(Path aside, ObjectStore source, String sourceKey) throws IOException {
        if (source instanceof DirectoryStore directory) {
            DurableFiles.copy(directory.resolve(sourceKey), aside);
            return;
        }
        try (InputStream in = source.open(sourceKey)) {
            Files.copy(in, aside);
        }
    }

    @Override
    public void makeFolder(String prefix) {
        try {
            DurableFiles.createFolders(folder(prefix));
        } catch (IOException e) {
            throw FolderFailures.failed("cannot make the folder '" + prefix + "' in " + root, e);
        }
    }

    @Override
    public void makeDurable(Collection<String> keys) {
        Set<Path> folders = new LinkedHashSet<>();
        List<Path> files = keys.stream().map(this::resolve).toList();
        try {
            DurableFiles.sync(files);
            for (Path file : files) {
                for (Path p = file.getParent(); p.startsWith(root); p = p.getParent()) {
                    folders.add(p);
                }
            }
            for (Path changed : folders) {
                DurableFiles.syncFolder(changed);
            }
        } catch (IOException e) {
            throw FolderFailures.failed("cannot make " + keys.size() + " objects durable in " + root, e);
        }
    }

    @Override
    public void delete(Collection<String> keys) {
        Failpoint.BEFORE_DELETE.pass();
        for (String key : keys) {
            Path file = resolve(key);
            try {
                if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw FolderFailures.failed("cannot delete '" + key + "' in " + root, e);
            }
        }
        Failpoint.AFTER_DELETE.pass();
    }

    @Override
    public int removeAbandonedPuts(String prefix, Duration olderThan) {
        Instant before = clock.instant().minus(olderThan);
        AtomicInteger removed = new AtomicInteger();
        Path start = folder(prefix);
        try {
            FolderWalk.walk(start, name -> name.startsWith(SPOOL), (file, attributes) -> {
                if (attributes.lastModifiedTime().toInstant().isBefore(before)
                        && FileUtils.deleteQuietly(file.toFile())) {
                    removed.incrementAndGet();
                }
            });
        } catch (IOException e) {
            throw FolderFailures.failed("cannot look for abandoned puts in " + start, e);
        }
        return removed.get();
    }

    private static StoredObject stored(String key, BasicFileAttributes attributes) {
        return new StoredObject(
                key, attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    private static Path spoolFileBeside(Path target) {
        return target.resolveSibling(SPOOL + UUID.randomUUID());
    }

    private Path folder(String prefix) {
        String checked = ObjectKeys.checkedPrefix(prefix);
        return checked.isEmpty() ? root : resolve(checked.substring(0, checked.length() - 1));
    }

    private Path resolve(String key) {
        Path target = root.resolve(ObjectKeys.checkedKey(key));
        Path existing = target.getParent();
        while (!existing.equals(root) && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            if (!existing.equals(root) && !existing.toRealPath().startsWith(root)) {
                throw new StorageException("the key '" + key + "' leads out of " + root + " by the symbolic link at "
                        + existing + "; replace the link by a folder, or mount the other place there");
            }
        } catch (IOException e) {
            throw FolderFailures.failed("cannot find the folder of '" + key + "' in " + root, e);
        }
        return target;
    }
}
