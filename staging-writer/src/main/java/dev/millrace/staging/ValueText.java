package dev.millrace.staging;

/** Appends the canonical text of values of one schema, and refuses values that do not fit it. Values are not null. */
@FunctionalInterface
interface ValueText {
    /**
     * Appends the text.
     *
     * @throws MisfitException when the value does not fit
     */
    void append(Object value, CanonicalText out);
}
