package dev.millrace.lake;

import dev.millrace.schemas.ByteSize;

/** How much of a dataset is written anew when one of its columns gets a wider type: all of it. */
public record RewriteSize(long rows, long files, long bytes) {
    /** For a sentence: {@code 3 files with 1200 rows (4.5 MB)}. */
    @Override
    public String toString() {
        return files + (files == 1 ? " file with " : " files with ") + rows + (rows == 1 ? " row (" : " rows (")
                + ByteSize.roundedText(bytes) + ")";
    }
}
