package dev.millrace.ingester.audit;

import java.util.List;
import java.util.Locale;

/**
 * Something that is not as it was staged.
 *
 * @param batch in which the rows were loaded; empty when it can't be told
 * @param stagedFiles the keys of those that are concerned
 * @param rows how many; 0 when it can't be told
 * @param message a sentence for people
 */
public record AuditFinding(Kind kind, String batch, List<String> stagedFiles, long rows, String message) {
    /** What is wrong. */
    public enum Kind {
        /** Rows of the staged file are not in the lake. */
        LOST,
        /** Rows of the staged file are not in the lake, and others are that nobody has staged. */
        ALTERED,
        /** Rows of the staged file were deleted or updated by SQL. */
        CHANGED_BY_OTHERS,
        /** Rows of the staged file are in the lake more often than they were staged. */
        DOUBLED,
        /** The lake has rows that no staged file has. */
        UNKNOWN_ROWS,
        /** Staged and loaded rows differ, and the staged files that would tell which are gone. */
        DIFFERENT,
        /** The staged file is not the one that was loaded. */
        STAGED_FILE_CHANGED,
        /** The staged file can't be read any more. */
        STAGED_FILE_UNREADABLE,
        /** The row hash in the staged file's footer is not that of its rows. */
        FALSE_ROW_HASH;

        /** The word in messages and in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public AuditFinding {
        stagedFiles = List.copyOf(stagedFiles);
    }
}
