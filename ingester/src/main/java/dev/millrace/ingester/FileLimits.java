package dev.millrace.ingester;

/**
 * What a single staged file may have at most; one that has more is quarantined.
 *
 * @param footerBytes of its footer
 * @param columns that hold values, those within records, lists and maps each counted
 * @param nesting levels of groups around a value. The engine reads footers in a time that grows with the square of it, and a few
 *     thousand end the process (measured, 1.5.5: 4,000 take 8 s, 8,000 end it)
 * @param rowGroupBytes of a row group when it is decompressed, as the footer tells
 * @param rowGroupRows of a row group, as the footer tells
 * @param rows of the file, as the footer tells
 */
public record FileLimits(long footerBytes, int columns, int nesting, long rowGroupBytes, long rowGroupRows, long rows) {
    /** Far beyond what a sensible file has. */
    public static final FileLimits STANDARD =
            new FileLimits(64_000_000, 10_000, 64, 4_000_000_000L, 100_000_000, 1_000_000_000);

    public FileLimits {
        if (footerBytes < 1 || columns < 1 || nesting < 1 || rowGroupBytes < 1 || rowGroupRows < 1 || rows < 1) {
            throw new IllegalArgumentException("a limit for staged files is at least 1, not " + footerBytes
                    + " bytes of footer, " + columns + " columns, " + nesting + " levels, " + rowGroupBytes
                    + " bytes and " + rowGroupRows + " rows of a row group, " + rows + " rows");
        }
    }
}
