package dev.millrace.cli.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first line of somebody's query, fit to be shown: without comments and without what stands in quotes. */
final class QueryLine {
    private static final int MAX_CHARACTERS = 80;

    /** Comments, strings (also those that the server has cut off), dollar-quoted strings, quoted names; tried in this order. */
    private static final Pattern PIECE = Pattern.compile("""
            (?<comment>--[^\\n]*|/\\*.*?(?:\\*/|\\z))
            |(?<text>'(?:[^'\\\\]|''|\\\\.)*(?:'|\\z)|(?<tag>\\$\\w*\\$).*?(?:\\k<tag>|\\z))
            |(?<name>"(?:[^"]|"")*(?:"|\\z))
            """, Pattern.DOTALL | Pattern.COMMENTS);

    /** What such a statement says besides is not worth the risk. */
    private static final Pattern SECRET = Pattern.compile("password|secret|token|credential", Pattern.CASE_INSENSITIVE);

    private QueryLine() {}

    static String of(String query) {
        StringBuilder masked = new StringBuilder();
        Matcher matcher = PIECE.matcher(query);
        while (matcher.find()) {
            String replacement =
                    matcher.group("text") != null ? "'…'" : matcher.group("comment") != null ? " " : matcher.group();
            matcher.appendReplacement(masked, Matcher.quoteReplacement(replacement));
        }
        matcher.appendTail(masked);
        String line = masked.toString()
                .lines()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        if (SECRET.matcher(query).find()) {
            line = line.replaceFirst("(\\S+(\\s+\\S+)?).*", "$1 …");
        }
        return line.length() <= MAX_CHARACTERS ? line : line.substring(0, MAX_CHARACTERS - 1) + "…";
    }
}
