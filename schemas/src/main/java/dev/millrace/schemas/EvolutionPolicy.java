package dev.millrace.schemas;

/** Which schema changes that a staged file brings the ingester may apply to the dataset. */
public enum EvolutionPolicy {
    /** None: a file with a column that the dataset does not have is quarantined. */
    STRICT,
    /** Columns that the dataset does not have are added to it, nullable, behind the others. */
    ADD_COLUMNS,
    /** That, and a column gets a wider type when a file brings one that holds all of its values; the dataset's rows are written anew for it. */
    WIDEN
}
