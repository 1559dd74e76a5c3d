package dev.millrace.cli.serve;

import dev.millrace.cli.config.ConfigurationException;
import dev.millrace.cli.config.ConfigurationLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The secret that a client has to show. It never says what it is. */
final class AccessToken {
    private static final int MIN_CHARACTERS = 16;
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final byte[] token;

    private AccessToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Finds the token in the variable or in the file.
     *
     * @throws ConfigurationException when both are given, the file can't be read, or the token is too short to be one
     */
    static Optional<AccessToken> find(Map<String, String> environment, Optional<Path> file) {
        String variable =
                environment.getOrDefault(ConfigurationLoader.TOKEN_VARIABLE, "").strip();
        if (!variable.isEmpty() && file.isPresent()) {
            throw new ConfigurationException("the token of serve is given twice, in "
                    + ConfigurationLoader.TOKEN_VARIABLE + " and by serve.token-file (" + file.orElseThrow()
                    + "); take one of them away");
        }
        if (file.isPresent()) {
            return Optional.of(of(read(file.orElseThrow()), "the first line of " + file.orElseThrow()));
        }
        return Optional.of(variable)
                .filter(text -> !text.isEmpty())
                .map(text -> of(text, ConfigurationLoader.TOKEN_VARIABLE));
    }

    private static AccessToken of(String text, String origin) {
        if (text.length() < MIN_CHARACTERS) {
            throw new ConfigurationException("the token of serve has " + text.length() + " characters in " + origin
                    + "; take " + MIN_CHARACTERS + " at least, such as the output of 'openssl rand -hex 24'");
        }
        return new AccessToken(text);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            throw new ConfigurationException(
                    "serve.token-file: " + file + " can't be read ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    /**
     * Whether a client may come in.
     *
     * @param authorization what its header says: {@code Bearer TOKEN}, or {@code Basic} with any name and the token as the
     *     password, which is what browsers can
     */
    boolean admits(String authorization) {
        return shown(authorization).filter(this::isIt).isPresent();
    }

    private boolean isIt(byte[] shown) {
        // Takes as long for a near miss as for a far one.
        return MessageDigest.isEqual(token, shown);
    }

    private static Optional<byte[]> shown(String authorization) {
        String scheme = authorization == null ? "" : authorization.toLowerCase(Locale.ROOT);
        if (scheme.startsWith(BEARER)) {
            return Optional.of(authorization.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8));
        }
        if (scheme.startsWith(BASIC)) {
            try {
                String login = new String(
                        Base64.getDecoder()
                                .decode(authorization.substring(BASIC.length()).strip()),
                        StandardCharsets.UTF_8);
                return Optional.of(login.substring(login.indexOf(':') + 1).getBytes(StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "AccessToken[***]";
    }
}
