package dev.millrace.lake;

/** What a run did. {@code files} are staged files for an ingest and lake files for a compaction. */
public record RunCounts(long files, long rows, long bytes, long quarantinedFiles, long commits) {
    public static final RunCounts NONE = new RunCounts(0, 0, 0, 0, 0);

    /** Of a transaction that changes no rows and no files: one of columns, say. */
    public static final RunCounts ONE_COMMIT = new RunCounts(0, 0, 0, 0, 1);

    public RunCounts plus(RunCounts other) {
        return new RunCounts(
                files + other.files,
                rows + other.rows,
                bytes + other.bytes,
                quarantinedFiles + other.quarantinedFiles,
                commits + other.commits);
    }
}
