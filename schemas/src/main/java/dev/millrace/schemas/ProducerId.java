package dev.millrace.schemas;

import java.util.regex.Pattern;

/** Who staged a file: a part of the staging key, chosen by the producer, the same at every start of it. */
public record ProducerId(String value) {
    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    public ProducerId {
        if (!PATTERN.matcher(value).matches()) {
            throw new InvalidContractException("producer '" + value
                    + "' is not a valid id: use letters, digits, '-' and '_', begin with a letter or digit,"
                    + " at most 63 characters");
        }
    }

    /** Makes a valid id of any text, such as a host name, by putting {@code -} in the place of what is not allowed. */
    public static ProducerId sanitized(String text) {
        String clean = text.replaceAll("[^A-Za-z0-9_-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
        return new ProducerId(clean.isEmpty() ? "producer" : clean.substring(0, Math.min(63, clean.length())));
    }

    @Override
    public String toString() {
        return value;
    }
}
