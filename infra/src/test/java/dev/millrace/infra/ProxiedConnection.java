package dev.millrace.infra;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** One client's connection through the proxy, with four threads: each direction reads at once and writes when it is due. */
final class ProxiedConnection {
    private static final int CHUNKS_UNDER_WAY = 256;

    private final Socket client;
    private final Socket server;
    private final TcpProxy.Faults faults;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger directions = new AtomicInteger(2);
    private Runnable whenEnded;

    ProxiedConnection(Socket client, Socket server, TcpProxy.Faults faults) {
        this.client = client;
        this.server = server;
        this.faults = faults;
    }

    void start(TcpProxy.Relay relay, Runnable atTheEnd) {
        whenEnded = atTheEnd;
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            forward(client, server, relay::requests, false);
            forward(server, client, relay::replies, true);
        } catch (IOException e) {
            reset();
        }
    }

    /** Breaks both sides with a TCP reset; what has not arrived yet is lost. */
    void reset() {
        if (ended.compareAndSet(false, true)) {
            reset(client);
            reset(server);
            whenEnded.run();
        }
    }

    static void reset(Socket socket) {
        try {
            // Closing with a linger time of zero sends RST in place of FIN.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    private void forward(Socket from, Socket to, Copying copying, boolean replies) throws IOException {
        BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(CHUNKS_UNDER_WAY);
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        TcpProxy.daemon("read-" + from.getPort(), () -> {
            try (DelayingStream delaying = new DelayingStream(underWay, replies)) {
                copying.copy(in, delaying, this);
            } catch (IOException e) {
                reset();
            }
        });
        TcpProxy.daemon("write-" + to.getPort(), () -> {
            try {
                deliver(underWay, out, to);
            } catch (IOException e) {
                reset();
            }
        });
    }

    private void deliver(BlockingQueue<Chunk> underWay, OutputStream out, Socket to) throws IOException {
        while (true) {
            Chunk chunk = take(underWay);
            for (long wait = chunk.due - System.nanoTime(); wait > 0; wait = chunk.due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            if (chunk.isEnd()) {
                to.shutdownOutput();
                if (directions.decrementAndGet() == 0 && ended.compareAndSet(false, true)) {
                    client.close();
                    server.close();
                    whenEnded.run();
                }
                return;
            }
            out.write(chunk.bytes);
        }
    }

    private static Chunk take(BlockingQueue<Chunk> queue) throws IOException {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @FunctionalInterface
    private interface Copying {
        void copy(InputStream from, OutputStream to, ProxiedConnection connection) throws IOException;
    }

    private static final class Chunk {
        private final byte[] bytes;

        /** On the clock of {@link System#nanoTime()}. */
        private final long due;

        Chunk(byte[] bytes, long due) {
            this.bytes = bytes;
            this.due = due;
        }

        boolean isEnd() {
            return bytes.length == 0;
        }
    }

    private final class DelayingStream extends OutputStream {
        private final BlockingQueue<Chunk> underWay;
        private final boolean replies;

        DelayingStream(BlockingQueue<Chunk> underWay, boolean replies) {
            this.underWay = underWay;
            this.replies = replies;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0 && !(replies && faults.dropReplies)) {
                put(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        }

        @Override
        public void close() throws IOException {
            put(new byte[0]);
        }

        private void put(byte[] bytes) throws IOException {
            try {
                underWay.put(new Chunk(bytes, System.nanoTime() + faults.latency.toNanos()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }
}
