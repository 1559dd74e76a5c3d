package dev.millrace.cli.text;

/** How text is coloured on a terminal; elsewhere it stays as it is. */
public enum Paint {
    /** For a terminal. */
    COLOURS,
    /** For files, pipes and those who want none. */
    NONE;

    public static Paint when(boolean coloured) {
        return coloured ? COLOURS : NONE;
    }

    /** What is as it should be. */
    public String good(String text) {
        return in("32", text);
    }

    /** What somebody should look at soon. */
    public String warning(String text) {
        return in("33", text);
    }

    /** What is wrong. */
    public String bad(String text) {
        return in("31", text);
    }

    /** Headings and what is only beside the point. */
    public String faint(String text) {
        return in("2", text);
    }

    public String bold(String text) {
        return in("1", text);
    }

    private String in(String code, String text) {
        return this == NONE || text.isBlank() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
