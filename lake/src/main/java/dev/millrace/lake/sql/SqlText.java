package dev.millrace.lake.sql;

import java.util.Collection;
import java.util.stream.Collectors;

/** The one place where names and, where the engine binds no values, texts are put into SQL. */
public final class SqlText {
    private SqlText() {}

    /** A quoted identifier. */
    public static String identifier(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an identifier: '" + name + "'");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Quoted identifiers with commas between them. */
    public static String identifiers(Collection<String> names) {
        return names.stream().map(SqlText::identifier).collect(Collectors.joining(", "));
    }

    /** A quoted text, for options and ATTACH, where nothing can be bound. */
    public static String literal(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text with a NUL character cannot be part of SQL");
        }
        return '\'' + text.replace("'", "''") + '\'';
    }

    /** A list of quoted texts. */
    public static String literals(Collection<String> texts) {
        return texts.stream().map(SqlText::literal).collect(Collectors.joining(", ", "[", "]"));
    }
}
