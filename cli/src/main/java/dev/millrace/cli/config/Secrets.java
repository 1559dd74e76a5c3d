package dev.millrace.cli.config;

import java.util.regex.Pattern;

/** Tells what looks like a secret, so that none stands in a file or reaches a message. */
final class Secrets {
    private static final Pattern KEY = Pattern.compile(
            ".*(password|passwd|passphrase|secret|credential|token|access[-_]?key|api[-_]?key|private[-_]?key).*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern USER_PASSWORD = Pattern.compile("(://[^:/?#]*):.*@");
    private static final Pattern PARAMETER =
            Pattern.compile("(password|passwd|pwd|secret)=[^&\\s]*", Pattern.CASE_INSENSITIVE);

    /** Where each kind of secret belongs. */
    static final String WHERE_THEY_BELONG =
            "secrets do not belong into the configuration: give S3 keys as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or"
                    + " any other source of the AWS default chain), the PostgreSQL password as PGPASSWORD or in the password"
                    + " file ~/.pgpass";

    private Secrets() {}

    static boolean looksLikeKeyOfOne(String key) {
        return KEY.matcher(key).matches();
    }

    static boolean isIn(String value) {
        return USER_PASSWORD.matcher(value).find() || PARAMETER.matcher(value).find();
    }

    static String masked(String value) {
        return PARAMETER
                .matcher(USER_PASSWORD.matcher(value).replaceAll("$1:***@"))
                .replaceAll("$1=***");
    }
}
