package dev.millrace.cli.status;

import dev.millrace.cli.text.Paint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Rows under headings that fit a width: the columns that matter least are left out first. Pure. */
final class StatusTable {
    private static final String GAP = "  ";

    /** @param weight the larger, the sooner it is left out; of 0 never */
    record Column(String heading, boolean isNumber, int weight) {}

    /** Text and how it is coloured. */
    record Cell(String text, UnaryOperator<String> colour) {
        static Cell of(String text) {
            return new Cell(text, UnaryOperator.identity());
        }
    }

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    StatusTable(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    void row(List<Cell> cells) {
        rows.add(List.copyOf(cells));
    }

    /** The lines, none of which is wider, unless the columns that are never left out are. */
    List<String> lines(int width, Paint paint) {
        List<Integer> shown = shown(width);
        List<String> lines = new ArrayList<>();
        StringBuilder headings = new StringBuilder();
        shown.forEach(column -> append(headings, column, columns.get(column).heading(), UnaryOperator.identity()));
        lines.add(paint.faint(headings.toString().stripTrailing()));
        for (List<Cell> row : rows) {
            StringBuilder line = new StringBuilder();
            shown.forEach(column ->
                    append(line, column, row.get(column).text(), row.get(column).colour()));
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private List<Integer> shown(int width) {
        List<Integer> shown = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            // Where all rows have nothing to say in it, it is noise.
            int number = column;
            if (columns.get(column).weight() == 0
                    || rows.stream().anyMatch(row -> !row.get(number).text().equals("-"))) {
                shown.add(column);
            }
        }
        while (shown.stream().mapToInt(column -> width(column) + GAP.length()).sum() - GAP.length() > width) {
            Integer least = shown.stream()
                    .max(Comparator.comparingInt(column -> columns.get(column).weight()))
                    .orElseThrow();
            if (columns.get(least).weight() == 0) {
                break;
            }
            shown.remove(least);
        }
        return shown;
    }

    private void append(StringBuilder line, int column, String text, UnaryOperator<String> colour) {
        String blanks = " ".repeat(width(column) - text.length());
        line.append(line.isEmpty() ? "" : GAP)
                .append(columns.get(column).isNumber() ? blanks + colour.apply(text) : colour.apply(text) + blanks);
    }

    private int width(int column) {
        return rows.stream()
                .mapToInt(row -> row.get(column).text().length())
                .reduce(columns.get(column).heading().length(), Math::max);
    }
}
