package dev.millrace.lake;

import java.util.Locale;

/** Why a staged file is not loaded. */
public enum QuarantineReason {
    /** Its name has characters that must not reach the engine. */
    UNSAFE_NAME,
    /** It has no readable Parquet footer. */
    NOT_PARQUET,
    /** It is encrypted, and no key is known. */
    ENCRYPTED,
    /** Its footer is readable and its data is not. */
    UNREADABLE_DATA,
    /** Its bytes are not those that its writer has left a checksum of. */
    CHECKSUM_MISMATCH,
    /** It is beyond one of the limits for a single file. */
    EXCEEDS_LIMIT,
    /** The engine can't read it with the memory that it may take. */
    EXCEEDS_MEMORY,
    /** Reading it alone makes the engine fail, end the process or stand still. */
    CRASHES_ENGINE,
    /** A column is missing, unknown or of another type than the dataset's. */
    SCHEMA_MISMATCH,
    /** A column that the contract requires holds NULL. */
    MISSING_VALUES,
    /** It holds values of the right type that the lake refuses. */
    INVALID_VALUES;

    /** The code in the ledger's column {@code reason}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
