package dev.millrace.infra;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A proxy before PostgreSQL that can leave a client without the answer to its COMMIT, whether that has happened or not. It
 * understands the messages as far as that takes, and connections without TLS only. Thread-safe.
 *
 * <p>Commits of transactions that wrote nothing always pass: DuckDB sends one after each query.
 */
public final class PostgresProxy implements AutoCloseable {
    private final AtomicReference<Cut> cut = new AtomicReference<>();
    private final TcpProxy proxy;

    private PostgresProxy(PostgresServer server) throws IOException {
        this.proxy = TcpProxy.to(server.host(), server.port(), () -> new PostgresSession(this::claim));
    }

    /** Opens a proxy that forwards to a server. */
    public static PostgresProxy to(PostgresServer server) throws IOException {
        return new PostgresProxy(server);
    }

    /** The port and the other faults. */
    public TcpProxy tcp() {
        return proxy;
    }

    /**
     * Has the next COMMIT carried out by the server, and its reply dropped and the connection reset.
     *
     * @return is done when that has happened; cancel it to take the order back
     */
    public CompletableFuture<Void> cutReplyOfNextCommit() {
        return cutReplyOfCommitAfter(0);
    }

    /** As {@link #cutReplyOfNextCommit()}, after so many others have passed. */
    public CompletableFuture<Void> cutReplyOfCommitAfter(int passing) {
        return order(Moment.REPLY, passing);
    }

    /**
     * Has the connection reset in place of the next COMMIT, which never reaches the server: the transaction is rolled back.
     *
     * @return is done when that has happened; cancel it to take the order back
     */
    public CompletableFuture<Void> cutNextCommit() {
        return cutCommitAfter(0);
    }

    /** As {@link #cutNextCommit()}, after so many others have passed. */
    public CompletableFuture<Void> cutCommitAfter(int passing) {
        return order(Moment.REQUEST, passing);
    }

    /** Has all connections reset in place of the next query that contains a text, or of the next one to prepare. */
    public CompletableFuture<Void> cutQueryWith(String text) {
        return order(new Cut(Moment.QUERY, new AtomicInteger(), text, new CompletableFuture<>()));
    }

    @Override
    public void close() throws IOException {
        proxy.close();
    }

    private CompletableFuture<Void> order(Moment moment, int passing) {
        return order(new Cut(moment, new AtomicInteger(passing), "", new CompletableFuture<>()));
    }

    private CompletableFuture<Void> order(Cut order) {
        Cut former = cut.getAndSet(order);
        if (former != null && !former.done().isDone()) {
            throw new IllegalStateException("another COMMIT to cut is still waited for");
        }
        return order.done();
    }

    /** Hands the order to one connection only; null if there is none for this moment. */
    private CompletableFuture<Void> claim(Moment moment, String query) {
        Cut order = cut.get();
        boolean due = order != null
                && order.moment() == moment
                && query.contains(order.text())
                && !order.done().isDone();
        if (!due || order.passing().getAndDecrement() > 0 || !cut.compareAndSet(order, null)) {
            return null;
        }
        if (moment == Moment.QUERY) {
            // Before the client can learn of it and open new ones.
            proxy.resetConnections();
        }
        return order.done();
    }

    enum Moment {
        REQUEST,
        REPLY,
        QUERY
    }

    @FunctionalInterface
    interface Orders {
        /** Hands out the order that is due, else null; the query is the one that comes at the moment {@code QUERY}, else empty. */
        CompletableFuture<Void> claim(Moment moment, String query);
    }

    private record Cut(Moment moment, AtomicInteger passing, String text, CompletableFuture<Void> done) {}
}
