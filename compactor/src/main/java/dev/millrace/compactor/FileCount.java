package dev.millrace.compactor;

/** How many files, and their bytes. */
public record FileCount(long files, long bytes) {
    public static final FileCount NONE = new FileCount(0, 0);

    FileCount plus(long moreBytes) {
        return new FileCount(files + 1, bytes + moreBytes);
    }

    FileCount minus(FileCount other) {
        return new FileCount(files - other.files, bytes - other.bytes);
    }

    @Override
    public String toString() {
        return files + " files of " + bytes + " bytes";
    }
}
