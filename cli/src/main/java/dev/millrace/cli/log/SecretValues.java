package dev.millrace.cli.log;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The secrets of an environment, so that none of them is shown, whoever puts one into a message. */
public final class SecretValues {
    private static final Pattern NAME =
            Pattern.compile(".*(PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|API_KEY).*", Pattern.CASE_INSENSITIVE);
    /** Shorter ones are words that stand in any text. */
    private static final int MIN_CHARACTERS = 6;

    private final List<String> values;

    private SecretValues(List<String> values) {
        this.values = values;
    }

    /** Those of the variables whose names look like that of a secret. */
    public static SecretValues of(Map<String, String> environment) {
        return new SecretValues(environment.entrySet().stream()
                .filter(variable -> NAME.matcher(variable.getKey()).matches())
                .map(Map.Entry::getValue)
                .filter(value -> value.length() >= MIN_CHARACTERS)
                .sorted(Comparator.comparing(String::length).reversed())
                .toList());
    }

    /** The text with asterisks in the place of each of them. */
    public String masked(String text) {
        String masked = text;
        for (String value : values) {
            masked = masked.replace(value, "***");
        }
        return masked;
    }
}
