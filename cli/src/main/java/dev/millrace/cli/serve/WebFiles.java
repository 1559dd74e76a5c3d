package dev.millrace.cli.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;

/** The files that the page is made of, all of them in the program: style, script and the library that draws. */
final class WebFiles {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/";
    private static final String UPLOT_PROPERTIES = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

    private WebFiles() {}

    /** By their paths. */
    static Map<String, Reply> all() {
        String uplot = UPLOT + version() + "/dist/";
        return Map.of(
                "/style.css", reply(Reply.STYLE, "style.css"),
                "/app.js", reply(Reply.SCRIPT, "app.js"),
                "/uplot.css", reply(Reply.STYLE, uplot + "uPlot.min.css"),
                "/uplot.js", reply(Reply.SCRIPT, uplot + "uPlot.iife.min.js"));
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = open(UPLOT_PROPERTIES)) {
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reply reply(String contentType, String resource) {
        try (InputStream in = open(resource)) {
            return Reply.of(Reply.OK, contentType, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) {
        InputStream in = WebFiles.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("the program lacks its file " + resource + "; build it anew");
        }
        return in;
    }
}
