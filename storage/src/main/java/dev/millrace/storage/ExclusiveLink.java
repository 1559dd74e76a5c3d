package dev.millrace.storage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.commons.io.file.PathUtils;

/** Gives a finished file its final name, which no other file may have: a hard link fails where a rename would overwrite. */
record ExclusiveLink(String key, Path target) {

    /**
     * Links the target name to a file, or to a copy of it when it is on another file system.
     *
     * @param aside a free name beside the target, used for that copy and free again afterwards
     */
    PutOutcome to(Path file, Path aside) throws IOException {
        try {
            Files.createLink(target, file);
            return PutOutcome.CREATED;
        } catch (FileAlreadyExistsException e) {
            return compareWith(file);
        } catch (UnsupportedOperationException e) {
            throw noHardLinks(e);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            // Java has no type of its own for "another file system": a link from beside the target tells.
            if (target.getParent().equals(file.toAbsolutePath().getParent())) {
                throw refused(e);
            }
        }
        try {
            DurableFiles.copy(file, aside);
            Files.createLink(target, aside);
            return PutOutcome.CREATED;
        } catch (FileAlreadyExistsException e) {
            return compareWith(file);
        } catch (UnsupportedOperationException e) {
            throw noHardLinks(e);
        } catch (FileSystemException e) {
            throw refused(e);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private RuntimeException refused(FileSystemException e) throws FileSystemException {
        String reason = String.valueOf(e.getReason());
        if (reason.contains("not permitted") || reason.contains("not supported")) {
            return noHardLinks(e);
        }
        throw e;
    }

    private StorageException noHardLinks(Exception cause) {
        return new StorageException(
                "cannot store '" + key + "': the file system of " + target.getParent()
                        + " has no hard links, which keep"
                        + " a put from overwriting another; use a file system that has them (ext4, xfs, zfs, NFS, APFS,"
                        + " NTFS) or an S3 bucket",
                cause);
    }

    private PutOutcome compareWith(Path file) throws IOException {
        BasicFileAttributes there = Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        long sizeBytes = Files.size(file);
        if (there.isRegularFile() && there.size() == sizeBytes && PathUtils.fileContentEquals(file, target)) {
            return PutOutcome.ALREADY_THERE;
        }
        String found = there.isRegularFile() ? "an object of " + there.size() + " bytes" : "a folder or a link";
        throw new KeyConflictException("the key '" + key + "' is taken by " + found + " with other content than the "
                + sizeBytes + " bytes to store; nothing was changed: store them under a new key (a new batch id),"
                + " and find out who uses the same key twice");
    }
}
