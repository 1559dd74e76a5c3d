package dev.millrace.cli.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param host a name or an address of this machine, that of version 6 without brackets
 * @param port 0 for any that is free
 */
public record ListenAddress(String host, int port) {
    private static final Pattern TEXT = Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9.-]+)):([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    /**
     * Reads {@code host:port}.
     *
     * @throws IllegalArgumentException when the text is none; the message says what is allowed
     */
    static ListenAddress parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > MAX_PORT) {
            throw new IllegalArgumentException("HOST:PORT, such as 127.0.0.1:8480, 0.0.0.0:8480 or [::1]:8480");
        }
        return new ListenAddress(
                matcher.group(1) == null ? matcher.group(2) : matcher.group(1), Integer.parseInt(matcher.group(3)));
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
