package dev.millrace.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.cli.config.ConfigurationException;
import dev.millrace.cli.config.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves who is let in, where, with which method, and what every answer forbids a browser. */
class WebServerTest {
    private static final String TOKEN = "0123456789abcdef-token";
    private static final Map<String, Endpoint> ENDPOINTS = Map.of(
            "/health/live", Endpoint.open(request -> Reply.text(Reply.OK, request.isTrusted() ? "all" : "little")),
            "/", Endpoint.closed(request -> Reply.text(Reply.OK, "page")),
            "/fails",
                    Endpoint.closed(request -> {
                        throw new IllegalStateException("secret reason");
                    }),
            "/notify", Endpoint.post(request -> Reply.text(Reply.ACCEPTED, request.body())));

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private WebServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void start(String host, Map<String, String> environment) throws IOException {
        Optional<AccessToken> token = AccessToken.find(environment, Optional.empty());
        server = WebServer.start(new ListenAddress(host, 0), ENDPOINTS, () -> token);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String statusForHost(String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void onThisMachineNoTokenIsNeededAndNoOtherNameGoes() throws Exception {
        start("127.0.0.1", Map.of());

        assertThat(send(request("/")).body()).isEqualTo("page\n");
        assertThat(statusForHost("localhost:8480")).contains(" 200 ");
        assertThat(statusForHost("[::1]")).contains(" 200 ");
        assertThat(statusForHost("evil.example:8480")).contains(" 403 ");
        assertThat(statusForHost("127.0.0.1.evil.example")).contains(" 403 ");
    }

    @Test
    void elsewhereNothingIsStartedWithoutAToken() {
        assertThatThrownBy(() -> start("0.0.0.0", Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("MILLRACE_SERVE_TOKEN");
    }

    @Test
    void aTokenIsAskedForEverywhereButForHealth() throws Exception {
        start("0.0.0.0", Map.of("MILLRACE_SERVE_TOKEN", TOKEN));
        String basic = Base64.getEncoder().encodeToString(("me:" + TOKEN).getBytes(StandardCharsets.UTF_8));

        HttpResponse<String> refused = send(request("/"));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(h -> assertThat(h).startsWith("Basic"));
        for (String wrong : List.of("Bearer " + TOKEN + "x", "Bearer", "Basic !!", "Basic bWU6bm8=", TOKEN)) {
            assertThat(send(request("/").header("Authorization", wrong)).statusCode())
                    .as(wrong)
                    .isEqualTo(401);
        }
        assertThat(send(request("/nothing-here")).statusCode()).isEqualTo(401);
        assertThat(send(request("/health/live")).body()).isEqualTo("little\n");
        assertThat(send(request("/health/live").header("Authorization", "Bearer " + TOKEN))
                        .body())
                .isEqualTo("all\n");
        assertThat(send(request("/").header("Authorization", "Basic " + basic)).body())
                .isEqualTo("page\n");
        assertThat(statusForHost("lake.example")).contains(" 401 ");
    }

    @Test
    void otherPathsMethodsAndSizesAreRefused() throws Exception {
        start("127.0.0.1", Map.of());

        assertThat(send(request("/nothing-here")).statusCode()).isEqualTo(404);
        assertThat(send(request("/notify")).statusCode()).isEqualTo(405);
        assertThat(send(request("/").DELETE()).statusCode()).isEqualTo(405);
        assertThat(send(request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(request("/notify").POST(HttpRequest.BodyPublishers.ofString("x".repeat(1 << 20))))
                        .statusCode())
                .isEqualTo(202);
        assertThat(send(request("/notify").POST(HttpRequest.BodyPublishers.ofString("x".repeat((1 << 20) + 1))))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void aFailureIsAnsweredWithoutItsReason() throws Exception {
        start("127.0.0.1", Map.of());

        HttpResponse<String> failed = send(request("/fails"));

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).doesNotContain("secret reason");
        assertThat(failed.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(failed.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void aTokenComesFromOnePlaceAndIsLongEnough() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");

        assertThat(AccessToken.find(Map.of(), Optional.of(file)).orElseThrow().admits("bearer " + TOKEN))
                .isTrue();
        assertThat(AccessToken.find(Map.of(), Optional.of(file))).hasToString("Optional[AccessToken[***]]");
        assertThatThrownBy(() -> AccessToken.find(Map.of("MILLRACE_SERVE_TOKEN", TOKEN), Optional.of(file)))
                .hasMessageContaining("twice")
                .hasMessageNotContaining(TOKEN);
        assertThatThrownBy(() -> AccessToken.find(Map.of("MILLRACE_SERVE_TOKEN", "hunter2"), Optional.empty()))
                .hasMessageContaining("7 characters")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> AccessToken.find(Map.of(), Optional.of(folder.resolve("gone"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("gone");
    }
}
