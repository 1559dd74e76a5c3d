package dev.millrace.cli.doctor;

import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** Tells a missing right, which every role has some of, from a failure. */
final class Denial {
    private Denial() {}

    static boolean isIn(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof dev.millrace.storage.AccessDeniedException
                        || cause instanceof java.nio.file.AccessDeniedException);
    }

    /** Looks; where this user may not, that is said and counts as skipped. */
    static Finding orFinding(Callable<Finding> look) throws Exception {
        try {
            return look.call();
        } catch (Exception e) {
            if (isIn(e)) {
                return Finding.skipped("not allowed for this user");
            }
            throw e;
        }
    }
}
