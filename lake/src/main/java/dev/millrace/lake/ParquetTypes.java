package dev.millrace.lake;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the lake makes of the types that the engine reads a Parquet file's columns as. */
public final class ParquetTypes {
    /** A quoted name of a field may hold anything. */
    private static final Pattern TIME_OF_DAY_IN_UTC = Pattern.compile("(\"(?:[^\"]|\"\")*\")|TIME WITH TIME ZONE");

    /** A name of a field is followed by its type, a type by no word. */
    private static final Pattern UNHELD = Pattern.compile("\"(?:[^\"]|\"\")*\"|\\b(VARIANT|GEOMETRY)(?=$|[,)\\[]|\\()");

    private ParquetTypes() {}

    /**
     * The type of a lake's column that takes the values. A time of day in UTC becomes one without a zone: the lake registers no
     * other (measured, DuckLake d8a1881e), and pyarrow writes no other.
     */
    public static String inLake(String type) {
        return TIME_OF_DAY_IN_UTC
                .matcher(type)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1) == null ? "TIME" : match.group(1)));
    }

    /** The first part of a type of which the lake can't register a file (measured, DuckLake d8a1881e). */
    public static Optional<String> unheld(String type) {
        return UNHELD.matcher(type)
                .results()
                .filter(match -> match.group(1) != null)
                .map(match -> match.group(1))
                .findFirst();
    }
}
