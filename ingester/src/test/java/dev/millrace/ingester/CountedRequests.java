package dev.millrace.ingester;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** A port in front of an HTTP server on loopback, which counts the requests that read below a path. */
final class CountedRequests implements AutoCloseable {
    private static final int CHUNK = 65_536;

    private final int target;
    private final Pattern reads;
    private final ServerSocket listener;
    private final AtomicLong count = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    CountedRequests(int target, String path) throws IOException {
        this.target = target;
        this.reads = Pattern.compile("(GET|HEAD) " + Pattern.quote(path));
        this.listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    long count() {
        return count.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                threads.execute(() -> pump(client, server, true));
                threads.execute(() -> pump(server, client, false));
            } catch (IOException e) {
                // The front was closed.
                return;
            }
        }
    }

    private void pump(Socket from, Socket to, boolean counted) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (int size = in.read(chunk); size >= 0; size = in.read(chunk)) {
                if (counted) {
                    // A request without a body comes in one piece.
                    count.addAndGet(reads.matcher(new String(chunk, 0, size, StandardCharsets.ISO_8859_1))
                            .results()
                            .count());
                }
                out.write(chunk, 0, size);
                out.flush();
            }
        } catch (IOException e) {
            // One side has closed the connection, which closes the other one.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
