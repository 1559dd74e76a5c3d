package dev.millrace.cli.serve;

import dev.millrace.cli.config.Configuration;
import dev.millrace.schemas.DatasetName;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What is started again and again, never twice at once. */
@FunctionalInterface
public interface Job {
    /**
     * Does it once, on the caller's thread.
     *
     * @param configuration of now
     * @param only the datasets that it is for; empty for all
     * @param isStopAsked whether it is to end soon, which it asks again and again
     */
    JobEnd run(Configuration configuration, Set<DatasetName> only, BooleanSupplier isStopAsked);
}
