package dev.millrace.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.cli.config.ListenAddress;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves in a real browser that the page draws its charts under the server's policy, without an error; skipped where there is none. */
@Tag("slow")
class BrowserTest {
    @TempDir
    Path folder;

    private static Optional<Path> chromium() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(place -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private WebServer serve() throws IOException {
        History history = new History();
        history.add(Looks.full());
        Map<String, Endpoint> endpoints = new HashMap<>();
        WebFiles.all().forEach((path, reply) -> endpoints.put(path, Endpoint.closed(request -> reply)));
        endpoints.put(
                "/",
                Endpoint.closed(request -> Reply.of(
                        Reply.OK,
                        Reply.HTML,
                        StatusPage.of(
                                new StatusPage.Content(Looks.AT, Map.of(), List.of(), Optional.of(Looks.full()))))));
        endpoints.put(
                "/api/history",
                Endpoint.closed(
                        request -> Reply.of(Reply.OK, Reply.JSON, history.json().toString())));
        return WebServer.start(new ListenAddress("127.0.0.1", 0), endpoints, Optional::empty);
    }

    @Test
    void theChartsAreDrawn() throws Exception {
        Optional<Path> chromium = chromium();
        assumeTrue(
                chromium.isPresent(),
                "there is no chromium on the PATH; install it to have the page tried in a browser");
        Path dom = folder.resolve("dom.html");
        Path log = folder.resolve("log");
        try (WebServer server = serve()) {
            Process browser = new ProcessBuilder(
                            chromium.orElseThrow().toString(),
                            "--headless=new",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--user-data-dir=" + folder.resolve("profile"),
                            "--enable-logging=stderr",
                            "--virtual-time-budget=5000",
                            "--dump-dom",
                            "http://127.0.0.1:" + server.port() + "/")
                    .redirectOutput(dom.toFile())
                    .redirectError(log.toFile())
                    .start();
            assertThat(browser.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        String page = Files.readString(dom);
        assertThat(page.split("<canvas", -1)).hasSize(5);
        assertThat(page).contains("Staged files that wait", "u-legend").doesNotContain("does not answer");
        assertThat(Files.readString(log, StandardCharsets.ISO_8859_1).lines().filter(line -> line.contains("CONSOLE")))
                .isEmpty();
    }
}
