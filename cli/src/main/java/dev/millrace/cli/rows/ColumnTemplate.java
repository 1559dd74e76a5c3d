package dev.millrace.cli.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A column whose text is made of other columns of the source: {@code flight_date={year}-{month}-{day}}. Braces that are
 * meant as such are doubled.
 */
public final class ColumnTemplate {
    private final String column;
    private final List<Piece> pieces;

    private ColumnTemplate(String column, List<Piece> pieces) {
        this.column = column;
        this.pieces = List.copyOf(pieces);
    }

    private record Piece(String text, boolean isColumn) {}

    /**
     * Reads {@code COLUMN=TEMPLATE}.
     *
     * @throws IllegalArgumentException when it is not one; the message says why
     */
    public static ColumnTemplate parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not COLUMN=TEMPLATE, such as flight_date={year}-{month}-{day}");
        }
        return new ColumnTemplate(text.substring(0, equals), pieces(text.substring(equals + 1)));
    }

    private static List<Piece> pieces(String template) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c != '{' && c != '}') {
                literal.append(c);
            } else if (i + 1 < template.length() && template.charAt(i + 1) == c) {
                literal.append(c);
                i++;
            } else {
                int end = c == '{' ? template.indexOf('}', i) : -1;
                if (end <= i + 1) {
                    throw new IllegalArgumentException("the template '" + template + "' has a '" + c
                            + "' without its counterpart or a name between them; double it if it is meant as such");
                }
                pieces.add(new Piece(literal.toString(), false));
                literal.setLength(0);
                pieces.add(new Piece(template.substring(i + 1, end), true));
                i = end;
            }
        }
        pieces.add(new Piece(literal.toString(), false));
        return pieces;
    }

    /** The column that is set. */
    public String column() {
        return column;
    }

    /** The columns that the text is made of. */
    Set<String> sources() {
        return pieces.stream().filter(Piece::isColumn).map(Piece::text).collect(Collectors.toSet());
    }

    /** The text for one row; nothing when one of its columns is NULL. */
    Optional<String> text(Function<String, Optional<String>> values) {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            Optional<String> part = piece.isColumn() ? values.apply(piece.text()) : Optional.of(piece.text());
            if (part.isEmpty()) {
                return Optional.empty();
            }
            text.append(part.get());
        }
        return Optional.of(text.toString());
    }
}
