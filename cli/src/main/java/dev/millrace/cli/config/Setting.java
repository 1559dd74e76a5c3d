package dev.millrace.cli.config;

import java.util.function.Function;

/** The text of one key and where it came from: a file with its line, a variable, or the default. */
record Setting(ConfigurationKey key, String text, String origin) {
    /** Converts the text; the refusal names the key, the origin, the value (never a secret) and what is allowed. */
    <T> T as(Function<String, T> conversion) {
        try {
            return conversion.apply(text.strip());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    origin + ": " + key.key() + " is '" + Secrets.masked(text) + "'; allowed is " + e.getMessage(), e);
        }
    }
}
