package dev.millrace.cli.rows;

/**
 * Where a row stands.
 *
 * @param unit what is counted: lines of a text file, rows of an Avro file
 * @param number the line that the row begins on, or the number of the row, from 1
 */
public record Origin(String file, Unit unit, long number) {
    /** What {@link Origin#number} counts. */
    public enum Unit {
        LINE,
        ROW
    }

    static Origin line(String file, long line) {
        return new Origin(file, Unit.LINE, line);
    }

    static Origin row(String file, long row) {
        return new Origin(file, Unit.ROW, row);
    }

    @Override
    public String toString() {
        return unit == Unit.LINE ? file + ":" + number : file + ", row " + number;
    }
}
