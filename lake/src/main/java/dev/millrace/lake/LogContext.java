package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.util.function.Supplier;
import org.slf4j.MDC;

/** The one place that says of which dataset and which run the log's lines of this thread are. */
public final class LogContext {
    /** The keys of the log's context, which stand on each line. */
    public static final String DATASET = "dataset";

    public static final String RUN = "run";

    private LogContext() {}

    /** What is logged meanwhile is about a dataset; and so is, until {@link #clear}, what is said of a failure of it. */
    public static <T> T about(DatasetName dataset, Supplier<T> work) {
        if (!dataset.toString().equals(MDC.get(DATASET))) {
            MDC.remove(RUN);
        }
        MDC.put(DATASET, dataset.toString());
        T result = work.get();
        clear();
        return result;
    }

    /** What is logged from now on is about nothing in particular. */
    public static void clear() {
        MDC.remove(DATASET);
        MDC.remove(RUN);
    }

    static void begin(String runId) {
        MDC.put(RUN, runId);
    }
}
