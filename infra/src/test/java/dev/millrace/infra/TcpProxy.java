package dev.millrace.infra;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A loopback TCP proxy with faults that can be switched while connections are open. Thread-safe. Closing it resets the
 * connections.
 */
public final class TcpProxy implements AutoCloseable {
    // Below the ports that systems give to outgoing connections: while connections are refused, nobody else takes it.
    private static final int LOWEST_PORT = 12_000;
    private static final int PORTS = 8_000;

    private final InetSocketAddress target;
    private final Supplier<Relay> relays;
    private final int port;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Faults faults = new Faults();
    private ServerSocket listener;
    private Thread accepting;

    /** How bytes of one connection get to the other side; each method ends when {@code from} does. */
    interface Relay {
        default void requests(InputStream from, OutputStream to, ProxiedConnection connection) throws IOException {
            from.transferTo(to);
        }

        default void replies(InputStream from, OutputStream to, ProxiedConnection connection) throws IOException {
            from.transferTo(to);
        }
    }

    private TcpProxy(InetSocketAddress target, Supplier<Relay> relays) throws IOException {
        this.target = target;
        this.relays = relays;
        this.listener = bindAnywhere();
        this.port = listener.getLocalPort();
        listen(listener);
    }

    /** Opens a proxy that forwards to a server. */
    public static TcpProxy to(String host, int port) throws IOException {
        return to(host, port, () -> new Relay() {});
    }

    static TcpProxy to(String host, int port, Supplier<Relay> relays) throws IOException {
        return new TcpProxy(new InetSocketAddress(host, port), relays);
    }

    /** The port on 127.0.0.1 that clients connect to. */
    public int port() {
        return port;
    }

    /** How many connections were accepted so far. */
    public int accepted() {
        return accepted.get();
    }

    /** How many connections are open. */
    public int open() {
        return connections.size();
    }

    /** Lets all that is sent arrive this much later, in both directions; zero ends it. */
    public void delay(Duration latency) {
        faults.latency = latency;
    }

    /** Swallows what servers answer while it is on, and keeps the connections open. Swallowed bytes don't come again. */
    public void dropReplies(boolean on) {
        faults.dropReplies = on;
    }

    /** Breaks all connections with a TCP reset. */
    public void resetConnections() {
        connections.forEach(ProxiedConnection::reset);
    }

    /** Lets new connections be refused while it is on, as by a server that is down; open ones stay. */
    public synchronized void refuseConnections(boolean on) throws IOException {
        if (on) {
            endListening();
        } else if (listener.isClosed()) {
            listener = bind(port);
            listen(listener);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        endListening();
        resetConnections();
    }

    private void endListening() throws IOException {
        listener.close();
        try {
            // The system closes the port when nobody waits on it any more, and not before.
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen(ServerSocket on) {
        accepting = daemon("accept-" + port, () -> {
            while (true) {
                Socket client;
                try {
                    client = on.accept();
                } catch (IOException e) {
                    return;
                }
                accepted.incrementAndGet();
                daemon("connect-" + port, () -> connect(client));
            }
        });
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            server.connect(target);
        } catch (IOException e) {
            ProxiedConnection.reset(client);
            return;
        }
        ProxiedConnection connection = new ProxiedConnection(client, server, faults);
        connections.add(connection);
        connection.start(relays.get(), () -> connections.remove(connection));
    }

    static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static ServerSocket bindAnywhere() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                return bind(LOWEST_PORT + ThreadLocalRandom.current().nextInt(PORTS));
            } catch (BindException e) {
                // Taken: another one.
            }
        }
        throw new BindException("no free port for the proxy from " + LOWEST_PORT + " on");
    }

    private static ServerSocket bind(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** What is wrong with the network now. */
    static final class Faults {
        volatile Duration latency = Duration.ZERO;
        volatile boolean dropReplies;
    }
}
