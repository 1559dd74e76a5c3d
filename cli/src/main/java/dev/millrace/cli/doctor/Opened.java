package dev.millrace.cli.doctor;

import java.util.Optional;

/**
 * What one check opens and the later ones of its lane look through; closed when the examination ends.
 *
 * <p>Safe for the threads of a check that was given up: what it opens afterwards is closed at once.
 */
final class Opened<T extends AutoCloseable> {
    private Optional<T> resource = Optional.empty();
    private boolean closed;

    /** A place for what is opened later. */
    Opened() {}

    /** What is open already. */
    Opened(T resource) {
        this.resource = Optional.of(resource);
    }

    /** Keeps what a check has opened. */
    synchronized T keep(T opened) throws Exception {
        if (closed) {
            opened.close();
            throw new IllegalStateException("opened after the examination had ended");
        }
        resource = Optional.of(opened);
        return opened;
    }

    /** What was opened; only for checks that need the one that opens it. */
    synchronized T value() {
        return resource.orElseThrow(() -> new IllegalStateException("used before it was opened"));
    }

    /** Leaves what is open to a check that still hangs in it: closing it under its feet might crash the engine. */
    synchronized void abandon() {
        closed = true;
    }

    synchronized void close() throws Exception {
        closed = true;
        if (resource.isPresent()) {
            resource.orElseThrow().close();
            resource = Optional.empty();
        }
    }
}
