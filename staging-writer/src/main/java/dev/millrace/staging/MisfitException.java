package dev.millrace.staging;

/** A value that does not fit the schema; the message names the field, what it takes and what was found. */
final class MisfitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MisfitException(String field, String why) {
        super("the field '" + field + "' " + why);
    }

    static MisfitException expected(String field, String expected, Object found) {
        return new MisfitException(field, "takes " + expected + ", not " + described(found));
    }

    private static String described(Object found) {
        if (found == null) {
            return "null";
        }
        String text = found.toString();
        return found.getClass().getName() + " '" + (text.length() <= 100 ? text : text.substring(0, 100) + "…") + "'";
    }
}
