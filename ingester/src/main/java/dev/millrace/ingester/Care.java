package dev.millrace.ingester;

/**
 * How many waiting files a run looks at and loads at once: all that the limits allow, or after deaths few at first and eight
 * times as many with each window that went well. Pure.
 *
 * <p>A holder that ended without a word was at one of the oldest files, and either a file has killed it or the work between
 * two commits took longer than its lease. The first window after a death is the batch that the dead holder may have been
 * at, in eight parts: a file that kills soon stands alone, and a run always comes to a commit, however slow the machine is.
 *
 * @param windowFiles how many files are inspected together
 * @param batchFiles how many of them are loaded together at most
 * @param limits what holds without care
 */
public record Care(int windowFiles, int batchFiles, BatchLimits limits) {
    private static final int SHIFT = 3;
    private static final int MAX_SHIFT = 30;

    /** For a run whose lease was not released by so many holders in a row. */
    public static Care after(int deaths, BatchLimits limits) {
        return new Care(part(limits.files(), deaths - 1), part(limits.files(), deaths), limits);
    }

    private static int part(int files, int deaths) {
        return Math.max(1, files >> Math.min(MAX_SHIFT, SHIFT * Math.max(0, deaths)));
    }

    /** Whether a file of this window may have killed a run before. */
    public boolean isOnGuard() {
        return batchFiles < limits.files();
    }

    /** For the window after one that went well. */
    public Care next() {
        return new Care(grown(windowFiles), grown(batchFiles), limits);
    }

    private int grown(int files) {
        return (int) Math.min(limits.files(), (long) files << SHIFT);
    }

    /** What a batch of this window may hold. */
    public BatchLimits batchLimits() {
        return new BatchLimits(limits.bytes(), batchFiles, limits.partitions());
    }
}
