package dev.millrace.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Columns of text under their headings, numbers to the right. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> lines = new ArrayList<>();

    TextTable(List<String> headings) {
        lines.add(List.copyOf(headings));
    }

    void row(List<String> values) {
        if (values.size() != lines.get(0).size()) {
            throw new IllegalArgumentException("a row of " + values.size() + " values under "
                    + lines.get(0).size() + " headings");
        }
        lines.add(values.stream().map(TextTable::oneLine).toList());
    }

    void print(PrintStream out) {
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < line.size(); column++) {
                String value = line.get(column);
                String blanks = " ".repeat(width(column) - value.length());
                text.append(column == 0 ? "" : GAP).append(isNumeric(column) ? blanks + value : value + blanks);
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }

    private boolean isNumeric(int column) {
        return lines.size() > 1
                && lines.stream().skip(1).allMatch(line -> line.get(column).matches("-|-?[0-9][0-9.,]*( [kMGT]?B)?"));
    }

    private static String oneLine(String value) {
        return value.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t");
    }
}
