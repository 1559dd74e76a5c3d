package dev.millrace.infra;

import java.util.Locale;

/** A server that can be started on this machine. */
public enum Server {
    /** The object store of the served mode. */
    MINIO,
    /** The catalog's database of the served mode. */
    POSTGRES,
    /** Another object store, which shows that nothing is MinIO's alone. It has an administrator, and no roles. */
    SEAWEEDFS;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
