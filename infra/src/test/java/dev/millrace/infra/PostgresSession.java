package dev.millrace.infra;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** One connection to PostgreSQL, forwarded message by message. One thread for each direction. */
final class PostgresSession implements TcpProxy.Relay {
    private static final Set<String> WRITES =
            Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "ALTER", "DROP", "TRUNCATE");
    private static final Pattern COMMIT = Pattern.compile("\\s*COMMIT\\s*;?\\s*", Pattern.CASE_INSENSITIVE);
    private static final int PROTOCOL_3 = 3;

    private final PostgresProxy.Orders orders;

    /** Prepared statements that are a COMMIT, by their names. */
    private final Set<String> commits = new HashSet<>();

    /** Whether the transaction that is open has written; told by the replies. */
    private volatile boolean wrote;

    /** @param orders whether to cut at this moment, and whom to tell */
    PostgresSession(PostgresProxy.Orders orders) {
        this.orders = orders;
    }

    @Override
    public void requests(InputStream from, OutputStream to, ProxiedConnection connection) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(from));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to));
        boolean started = false;
        // What comes before the session has no letter: requests for encryption, then the one that names the protocol.
        while (!started) {
            int length = in.readInt();
            byte[] body = body(in, length);
            started = ByteBuffer.wrap(body).getShort() == PROTOCOL_3;
            out.writeInt(length);
            out.write(body);
            out.flush();
        }
        for (int kind = in.read(); kind >= 0; kind = in.read()) {
            byte[] body = body(in, in.readInt());
            if (isCommit(kind, body) && wrote && cut(PostgresProxy.Moment.REQUEST, "", connection)) {
                return;
            }
            if ((kind == 'Q' || kind == 'P')
                    && cut(PostgresProxy.Moment.QUERY, new String(body, StandardCharsets.UTF_8), connection)) {
                return;
            }
            forward(kind, body, out, in);
        }
    }

    @Override
    public void replies(InputStream from, OutputStream to, ProxiedConnection connection) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(from));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to));
        int kind = in.read();
        // Before its first message a server answers each request for encryption by one letter.
        while (kind == 'N' || kind == 'G') {
            out.write(kind);
            out.flush();
            kind = in.read();
        }
        if (kind == 'S') {
            throw new IOException("the server speaks TLS, through which this proxy can't see");
        }
        for (; kind >= 0; kind = in.read()) {
            byte[] body = body(in, in.readInt());
            if (kind == 'C') {
                String tag = text(ByteBuffer.wrap(body));
                if (wrote && tag.equals("COMMIT") && cut(PostgresProxy.Moment.REPLY, "", connection)) {
                    return;
                }
                wrote = writes(tag);
            } else if (kind == 'G') {
                // The server is ready for the rows of COPY … FROM STDIN.
                wrote = true;
            }
            forward(kind, body, out, in);
        }
    }

    private boolean cut(PostgresProxy.Moment moment, String query, ProxiedConnection connection) {
        CompletableFuture<Void> order = orders.claim(moment, query);
        if (order == null) {
            return false;
        }
        connection.reset();
        order.complete(null);
        return true;
    }

    /** By simple query, as DuckDB sends it, or by a prepared statement, as the JDBC driver does. */
    private boolean isCommit(int kind, byte[] body) {
        ByteBuffer message = ByteBuffer.wrap(body);
        switch (kind) {
            case 'Q' -> {
                return COMMIT.matcher(text(message)).matches();
            }
            case 'P' -> {
                String name = text(message);
                if (COMMIT.matcher(text(message)).matches()) {
                    commits.add(name);
                } else {
                    commits.remove(name);
                }
                return false;
            }
            case 'B' -> {
                text(message);
                return commits.contains(text(message));
            }
            default -> {
                return false;
            }
        }
    }

    private boolean writes(String tag) {
        String verb = tag.split(" ", 2)[0];
        return switch (verb) {
            case "BEGIN", "COMMIT", "ROLLBACK" -> false;
            default -> wrote || WRITES.contains(verb);
        };
    }

    /** The next text of a message, which a zero byte ends. */
    private static String text(ByteBuffer message) {
        ByteBuffer text = message.duplicate();
        int end = message.position();
        while (message.get(end) != 0) {
            end++;
        }
        text.limit(end);
        message.position(end + 1);
        return StandardCharsets.UTF_8.decode(text).toString();
    }

    private static byte[] body(DataInputStream in, int length) throws IOException {
        byte[] body = in.readNBytes(length - Integer.BYTES);
        if (body.length < length - Integer.BYTES) {
            throw new EOFException("the connection ended within a message");
        }
        return body;
    }

    private static void forward(int kind, byte[] body, DataOutputStream out, InputStream more) throws IOException {
        out.write(kind);
        out.writeInt(body.length + Integer.BYTES);
        out.write(body);
        if (more.available() == 0) {
            out.flush();
        }
    }
}
