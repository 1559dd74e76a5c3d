package dev.millrace.lake;

import dev.millrace.lake.EngineType.Field;
import dev.millrace.lake.EngineType.ListOf;
import dev.millrace.lake.EngineType.MapOf;
import dev.millrace.lake.EngineType.Plain;
import dev.millrace.lake.EngineType.StructOf;
import java.util.ArrayList;
import java.util.List;

/** Reads one type as DuckDB writes types. What it does not know, or is nested too deeply, is taken as plain, whole as it stands. */
final class EngineTypeParser {
    private static final String STRUCT = "STRUCT(";
    private static final String MAP = "MAP(";
    private static final String LIST = "[]";

    /** Files come from strangers: far more than anybody nests, far less than a stack holds. */
    private static final int MAX_DEPTH = 200;

    private final String sql;
    private int position;
    private int depth;

    EngineTypeParser(String sql) {
        this.sql = sql;
    }

    EngineType parse() {
        try {
            EngineType type = type();
            return position == sql.length() ? type : new Plain(sql);
        } catch (UnknownNotationException e) {
            return new Plain(sql);
        }
    }

    private EngineType type() {
        if (++depth > MAX_DEPTH) {
            throw new UnknownNotationException();
        }
        EngineType type;
        if (take(STRUCT)) {
            type = struct();
        } else if (take(MAP)) {
            EngineType key = type();
            require(", ");
            type = new MapOf(key, type());
            require(")");
        } else {
            type = plain();
        }
        while (take(LIST)) {
            type = new ListOf(type);
        }
        depth--;
        return type;
    }

    private EngineType struct() {
        List<Field> fields = new ArrayList<>();
        do {
            String name = name();
            require(" ");
            fields.add(new Field(name, type()));
        } while (take(", "));
        require(")");
        return new StructOf(fields);
    }

    private String name() {
        if (!take("\"")) {
            int begin = position;
            while (position < sql.length() && sql.charAt(position) != ' ') {
                position++;
            }
            return sql.substring(begin, position);
        }
        StringBuilder name = new StringBuilder();
        while (position < sql.length()) {
            char next = sql.charAt(position++);
            if (next != '"') {
                name.append(next);
            } else if (take("\"")) {
                name.append('"');
            } else {
                return name.toString();
            }
        }
        throw new UnknownNotationException();
    }

    /** Up to what ends it in the type around it: DECIMAL(9,2), TIMESTAMP WITH TIME ZONE, ENUM('a', 'b'), INTEGER[3]. */
    private EngineType plain() {
        int begin = position;
        int open = 0;
        boolean isQuoted = false;
        while (position < sql.length()) {
            char next = sql.charAt(position);
            if (next == '\'') {
                isQuoted = !isQuoted;
            } else if (!isQuoted) {
                if (open == 0 && (next == ',' || next == ')' || sql.startsWith(LIST, position))) {
                    break;
                }
                open += next == '(' ? 1 : next == ')' ? -1 : 0;
            }
            position++;
        }
        if (begin == position) {
            throw new UnknownNotationException();
        }
        return new Plain(sql.substring(begin, position));
    }

    private boolean take(String text) {
        if (sql.startsWith(text, position)) {
            position += text.length();
            return true;
        }
        return false;
    }

    private void require(String text) {
        if (!take(text)) {
            throw new UnknownNotationException();
        }
    }

    private static final class UnknownNotationException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
