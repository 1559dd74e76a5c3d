package dev.millrace.cli.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A share written as a percentage: {@code 10%}. */
public final class Percentage {
    private static final Pattern TEXT = Pattern.compile("(100|[0-9]{1,2})%");

    private Percentage() {}

    /**
     * Reads a percentage, from 0 to 100.
     *
     * @throws IllegalArgumentException when the text is none; the message says what is allowed
     */
    public static int parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a whole percentage from 0% to 100%, such as 10%");
        }
        return Integer.parseInt(matcher.group(1));
    }
}
