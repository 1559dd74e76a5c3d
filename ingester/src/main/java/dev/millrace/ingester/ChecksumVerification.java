package dev.millrace.ingester;

import dev.millrace.storage.ObjectStore;

/** Whether the bytes of staged files are held against the checksum that our writer has left in them, which reads each of them once more. */
public enum ChecksumVerification {
    /** Where the store keeps no checksums of its own: in directories. */
    AUTO,
    /** Everywhere: also what was altered before it was uploaded is found. */
    ALWAYS,
    /** Nowhere. */
    NEVER;

    boolean appliesTo(ObjectStore store) {
        return this == ALWAYS || (this == AUTO && !store.verifiesContent());
    }
}
