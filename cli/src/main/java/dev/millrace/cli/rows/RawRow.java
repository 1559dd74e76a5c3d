package dev.millrace.cli.rows;

import java.util.Optional;

/** A row as its format gives it, before it is converted. */
interface RawRow {
    boolean has(String column);

    /** The value of a column that there is, converted; {@link UnfitValueException} when it does not fit. */
    Object value(String column, ValueConverter converter);

    /** The text of a column that there is, for a template; nothing for NULL. */
    Optional<String> text(String column);
}
