package dev.millrace.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Tells directories that another machine keeps. */
final class NetworkFileSystem {
    private static final Set<String> TYPES = Set.of(
            "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "fuse.sshfs", "9p", "ceph", "glusterfs", "lustre");

    private NetworkFileSystem() {}

    /** The type of the file system that a path is on, or would be on, when it is one over a network. */
    static Optional<String> of(Path path) throws IOException {
        String type = Files.getFileStore(DiskSpace.existing(path)).type().toLowerCase(Locale.ROOT);
        return TYPES.contains(type) ? Optional.of(type) : Optional.empty();
    }
}
