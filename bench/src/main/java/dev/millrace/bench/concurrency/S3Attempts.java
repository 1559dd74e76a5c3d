package dev.millrace.bench.concurrency;

import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Counts the requests to S3 that this process has sent more than once: the SDK repeats by itself and tells nobody. The SDK finds it
 * by a resource on the class path. Thread-safe.
 */
public final class S3Attempts implements ExecutionInterceptor {
    private static final ExecutionAttribute<Boolean> SENT = new ExecutionAttribute<>("millrace.bench.sent");
    private static final AtomicLong REPEATED = new AtomicLong();

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        if (attributes.getAttribute(SENT) == null) {
            attributes.putAttribute(SENT, true);
        } else {
            REPEATED.incrementAndGet();
        }
    }

    static long repeated() {
        return REPEATED.get();
    }
}
