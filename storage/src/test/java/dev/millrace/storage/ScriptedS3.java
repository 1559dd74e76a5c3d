package dev.millrace.storage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.output.NullOutputStream;

/** A server that gives prepared answers one after the other, for those that no server on this machine can be made to give. */
final class ScriptedS3 implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();

    /** An answer with status zero takes the request and breaks the connection. */
    private record Answer(int status, String body) {}

    ScriptedS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    S3Connection connection() {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return S3Connection.open(
                new S3Endpoint(address, "us-east-1", true),
                Map.of(S3KeyChain.ACCESS_KEY, "scripted", S3KeyChain.SECRET_KEY, "scripted-secret"));
    }

    synchronized ScriptedS3 then(int status, String body) {
        answers.add(new Answer(status, body));
        return this;
    }

    ScriptedS3 thenError(int status, String code) {
        return then(status, "<Error><Code>" + code + "</Code><Message>scripted</Message></Error>");
    }

    ScriptedS3 thenNoAnswer() {
        return then(0, "");
    }

    /** Methods and addresses of what was asked, in order. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    private synchronized Answer next(HttpExchange exchange) {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        return answers.isEmpty() ? new Answer(500, "") : answers.remove();
    }

    private void answer(HttpExchange exchange) throws IOException {
        IOUtils.copy(exchange.getRequestBody(), NullOutputStream.INSTANCE);
        Answer next = next(exchange);
        if (next.status() == 0) {
            throw new IOException("the script breaks this connection");
        }
        byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(next.status(), head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
