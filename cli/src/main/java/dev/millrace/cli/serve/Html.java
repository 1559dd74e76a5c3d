package dev.millrace.cli.serve;

import java.util.List;
import java.util.function.Function;

/** Makes HTML of which every value is escaped. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    /** Adds markup, in which each {@code {}} is replaced by a value as text. */
    Html add(String markup, Object... values) {
        int from = 0;
        for (Object value : values) {
            int at = markup.indexOf("{}", from);
            text.append(markup, from, at).append(escaped(String.valueOf(value)));
            from = at + 2;
        }
        if (markup.indexOf("{}", from) >= 0) {
            throw new IllegalArgumentException("fewer values than places in: " + markup);
        }
        text.append(markup, from, markup.length());
        return this;
    }

    /** Adds what another one has made. */
    Html add(Html other) {
        text.append(other.text);
        return this;
    }

    /** A column of a table: its heading, and its cells, those with a class to be shown by. */
    record Column<T>(String heading, String cssClass, Function<T, String> cell) {
        static <T> Column<T> text(String heading, Function<T, String> cell) {
            return new Column<>(heading, "text", cell);
        }

        static <T> Column<T> number(String heading, Function<T, String> cell) {
            return new Column<>(heading, "number", cell);
        }
    }

    /** Adds a table whose first column heads its rows; on a narrow screen each row becomes a card. */
    <T> Html table(String caption, List<Column<T>> columns, List<T> rows) {
        add("<table><caption>{}</caption><thead><tr>", caption);
        columns.forEach(column -> add("<th scope=\"col\" class=\"{}\">{}</th>", column.cssClass(), column.heading()));
        add("</tr></thead><tbody>");
        for (T row : rows) {
            add("<tr>");
            for (int number = 0; number < columns.size(); number++) {
                Column<T> column = columns.get(number);
                String value = column.cell().apply(row);
                add(
                        number == 0
                                ? "<th scope=\"row\" class=\"{}\" data-label=\"{}\">{}</th>"
                                : "<td class=\"{}\" data-label=\"{}\">{}</td>",
                        column.cssClass(),
                        column.heading(),
                        value);
            }
            add("</tr>");
        }
        return add("</tbody></table>");
    }

    private static String escaped(String value) {
        StringBuilder escaped = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
