package dev.millrace.failpoint;

/**
 * Is told of each failpoint that a thread of this process passes. The one on the class path is found as a service; what is
 * shipped has none, so nothing that a user sets can arm a failpoint.
 */
@FunctionalInterface
public interface FailpointListener {
    /** Called on the thread that passes; what it throws comes out there. */
    void passed(Failpoint failpoint);
}
