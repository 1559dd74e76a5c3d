package dev.millrace.lake;

import java.util.Locale;

/** How much of a dataset is written anew when one of its columns gets a wider type: all of it. */
public record RewriteSize(long rows, long files, long bytes) {
    private static final long STEP = 1_000;
    private static final String UNITS = "kMGT";

    /** For a sentence: {@code 3 files with 1200 rows (4.5 MB)}. */
    @Override
    public String toString() {
        return files + (files == 1 ? " file with " : " files with ") + rows + (rows == 1 ? " row (" : " rows (")
                + inUnits(bytes) + ")";
    }

    private static String inUnits(long bytes) {
        double value = bytes;
        int unit = -1;
        while (value >= STEP && unit < UNITS.length() - 1) {
            value /= STEP;
            unit++;
        }
        return unit < 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %sB", value, UNITS.charAt(unit));
    }
}
