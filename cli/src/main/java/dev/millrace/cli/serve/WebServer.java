package dev.millrace.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.cli.config.ConfigurationException;
import dev.millrace.cli.config.ConfigurationLoader;
import dev.millrace.cli.config.ListenAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers over HTTP, with a few threads and short limits: for a proxy, a monitor and a few people. Thread-safe. */
final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final int THREADS = 4;
    private static final int MAX_WAITING = 64;
    private static final int MAX_BODY_BYTES = 1 << 20;

    /** Read by the server's class when it is loaded; seconds. Without them a client may hold a thread for ever. */
    private static final Map<String, String> LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime", "20",
            "sun.net.httpserver.maxRspTime", "60",
            "sun.net.httpserver.nodelay", "true");

    /** Nothing but what this server itself serves; no frame around it. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri"
                    + " 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-store");

    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Map<String, Endpoint> endpoints;
    private final Supplier<Optional<AccessToken>> token;
    private final boolean isLocal;

    private WebServer(
            HttpServer server,
            ThreadPoolExecutor threads,
            Map<String, Endpoint> endpoints,
            Supplier<Optional<AccessToken>> token,
            boolean isLocal) {
        this.server = server;
        this.threads = threads;
        this.endpoints = endpoints;
        this.token = token;
        this.isLocal = isLocal;
    }

    /**
     * Listens.
     *
     * @param endpoints by their paths
     * @param token asked for at each request
     * @throws ConfigurationException when others than this machine's could come in and there is no token
     */
    static WebServer start(ListenAddress listen, Map<String, Endpoint> endpoints, Supplier<Optional<AccessToken>> token)
            throws IOException {
        InetAddress address = InetAddress.getByName(listen.host());
        boolean isLocal = address.isLoopbackAddress();
        if (!isLocal && token.get().isEmpty()) {
            throw new ConfigurationException("serve.listen is " + listen + ", which others than this machine can reach,"
                    + " and there is no token: set " + ConfigurationLoader.TOKEN_VARIABLE
                    + " or serve.token-file, or listen on 127.0.0.1");
        }
        LIMITS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(address, listen.port()), MAX_WAITING);
        } catch (BindException e) {
            throw new IOException(
                    "serve.listen: can't listen at " + listen + " (" + e.getMessage()
                            + "); is another 'millrace serve' running? Else choose another address",
                    e);
        }
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "serve-http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        // Without room for it a request is dropped, which the client sees as a connection that is closed.
        threads.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        WebServer web = new WebServer(server, threads, Map.copyOf(endpoints), token, isLocal);
        server.setExecutor(threads);
        server.createContext("/", web::handle);
        server.start();
        return web;
    }

    /** The port that it listens at. */
    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            Reply reply;
            try {
                reply = reply(exchange);
            } catch (RuntimeException e) {
                LOG.error(
                        "{} {} failed",
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        e);
                reply = Reply.text(Reply.FAILED, "this failed; the log of millrace serve has the reason");
            }
            send(exchange, reply);
        } catch (IOException e) {
            LOG.debug("a client went away: {}", e.getMessage());
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        if (!isLocalName(exchange)) {
            // A page of another site that has its name led to this address could read everything otherwise.
            return Reply.text(Reply.FORBIDDEN, "ask by the name localhost or 127.0.0.1, or set a token");
        }
        Endpoint endpoint = endpoints.get(exchange.getRequestURI().getPath());
        boolean isTrusted = isTrusted(exchange);
        if (!isTrusted && (endpoint == null || !endpoint.isOpen())) {
            return Reply.text(
                            Reply.UNAUTHORIZED,
                            "show the token: 'Authorization: Bearer TOKEN', or as the password of" + " any user")
                    .with(Map.of("WWW-Authenticate", "Basic realm=\"millrace\", charset=\"UTF-8\""));
        }
        if (endpoint == null) {
            return Reply.text(Reply.NOT_FOUND, "there is nothing here; see /");
        }
        String method = exchange.getRequestMethod().toUpperCase(Locale.ROOT);
        if (!endpoint.method().equals(method.equals("HEAD") ? "GET" : method)) {
            return Reply.text(Reply.METHOD_NOT_ALLOWED, "this takes " + endpoint.method())
                    .with(Map.of("Allow", endpoint.method()));
        }
        byte[] body = body(exchange);
        if (body.length > MAX_BODY_BYTES) {
            return Reply.text(Reply.TOO_LARGE, "at most " + MAX_BODY_BYTES + " bytes");
        }
        return endpoint.answer()
                .to(new Endpoint.Request(
                        isTrusted,
                        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
                                .orElse(""),
                        new String(body, StandardCharsets.UTF_8)));
    }

    private boolean isTrusted(HttpExchange exchange) {
        return token.get()
                .map(secret -> secret.admits(exchange.getRequestHeaders().getFirst("Authorization")))
                .orElse(isLocal);
    }

    private boolean isLocalName(HttpExchange exchange) {
        String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                .orElse("")
                .toLowerCase(Locale.ROOT);
        return token.get().isPresent() || LOCAL_NAMES.contains(host.replaceFirst(":[0-9]*$", ""));
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            return in.readNBytes(MAX_BODY_BYTES + 1);
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        HEADERS.forEach(exchange.getResponseHeaders()::set);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        boolean hasBody = !exchange.getRequestMethod().equalsIgnoreCase("HEAD") && body.length > 0;
        exchange.sendResponseHeaders(reply.status(), hasBody ? body.length : -1);
        if (hasBody) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
