package dev.millrace.lake;

/** What came of the look before an exchange of lake files in the catalog's own tables. */
public sealed interface ExchangeOutcome {
    /** The COMMIT of the transaction makes the exchange. */
    record Staged(Lease raised) implements ExchangeOutcome {}

    /** The catalog is not as it was when the files were written, or not of the kind that is known: the engine may do it. */
    record NotKnown(String why) implements ExchangeOutcome {}

    /** The files to end don't have all of their rows any more. */
    record InputsChanged(long rowsLeft) implements ExchangeOutcome {}

    /** The lake has some of the written files already. */
    record OutputsKnown(long rowsThere) implements ExchangeOutcome {}
}
