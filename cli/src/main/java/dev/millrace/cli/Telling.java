package dev.millrace.cli;

/** How much a run of several datasets says; failures are told in any case. */
enum Telling {
    /** What became of each dataset, and who holds one. */
    RESULTS,
    /** Who holds a dataset. */
    HOLDERS,
    /** Only what went wrong. */
    FAILURES;

    static Telling of(GlobalOptions global, ProcessContext context) {
        if (global.quiet(context)) {
            return FAILURES;
        }
        return global.json() ? HOLDERS : RESULTS;
    }
}
