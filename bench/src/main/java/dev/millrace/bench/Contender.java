package dev.millrace.bench;

import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.util.Map;

/** One way to do a workload. For one thread. */
interface Contender {
    /** In a word, for programs. */
    String name();

    /** In a line, for people. */
    String description();

    /** Makes ready for one round what is not measured: a table or a prefix that nobody has used, and a fresh session. */
    Attempt prepare(Workload workload, DatasetName staged);

    /** One round of one contender. */
    interface Attempt extends AutoCloseable {
        /**
         * Does the work; this is what is measured.
         *
         * @return what its parts took, in their order; empty where it has no parts
         */
        Map<String, Duration> run();

        /**
         * Checks the work with a session of its own.
         *
         * @throws BenchException when a row is missing, doubled or changed
         */
        void verify();

        @Override
        void close();
    }
}
