package dev.millrace.lake;

import java.util.Locale;

/** Why a staged file is not loaded. */
public enum QuarantineReason {
    /** Its name has characters that must not reach the engine. */
    UNSAFE_NAME,
    /** It has no readable Parquet footer. */
    NOT_PARQUET,
    /** Its footer is readable and its data is not. */
    UNREADABLE_DATA,
    /** A column is missing, unknown or of another type than the dataset's. */
    SCHEMA_MISMATCH,
    /** A column that the contract requires holds NULL. */
    MISSING_VALUES;

    /** The code in the ledger's column {@code reason}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
