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

    /**
     * Whether what judges may be wrong and not the file: the engine, the machine, the store or a mistake of our own makes a good file look
     * like that. The others follow from a rule that anybody can check by looking at name and schema, or from NULLs that were counted.
     */
    public boolean mayBeNoFaultOfTheFile() {
        return switch (this) {
            case NOT_PARQUET, UNREADABLE_DATA, CHECKSUM_MISMATCH, EXCEEDS_MEMORY, CRASHES_ENGINE, INVALID_VALUES ->
                true;
            case UNSAFE_NAME, ENCRYPTED, EXCEEDS_LIMIT, SCHEMA_MISMATCH, MISSING_VALUES -> false;
        };
    }

    /** The code in the ledger's column {@code reason}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
