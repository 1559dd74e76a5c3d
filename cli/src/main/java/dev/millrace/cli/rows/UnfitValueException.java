package dev.millrace.cli.rows;

/** A value that does not fit its type, before it is known which row it belongs to. */
final class UnfitValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_CHARACTERS = 120;

    private final String path;
    private final String why;

    private UnfitValueException(String path, String why) {
        super(path.isEmpty() ? why : "column '" + path + "': " + why, null, false, false);
        this.path = path;
        this.why = why;
    }

    static UnfitValueException value(String value, String expected) {
        return new UnfitValueException("", "the value " + shown(value) + " does not fit; expected is " + expected);
    }

    static UnfitValueException of(String why) {
        return new UnfitValueException("", why);
    }

    /** The same, one level further out. */
    UnfitValueException under(String outer) {
        String separator = path.isEmpty() || path.startsWith("[") ? "" : ".";
        return new UnfitValueException(outer + separator + path, why);
    }

    private static String shown(String value) {
        return value.length() <= SHOWN_CHARACTERS
                ? "'" + value + "'"
                : "'" + value.substring(0, SHOWN_CHARACTERS) + "…' (" + value.length() + " characters)";
    }
}
