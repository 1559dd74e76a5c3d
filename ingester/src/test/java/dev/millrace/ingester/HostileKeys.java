package dev.millrace.ingester;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Keys of a staging area that carry code, and what the pipeline has to do with each, told by the words of the producers' page alone. The
 * same seed gives the same keys.
 */
final class HostileKeys {
    /** What becomes of a file with such a key. */
    enum Fate {
        LOADED,
        IGNORED,
        UNSAFE
    }

    private static final int LONGEST_SEGMENT = 255;
    private static final int LONGEST_KEY = 900;
    private static final String ALSO_ALLOWED = "._=+@,-";

    private static final List<String> CHARACTERS = List.of(
            "'",
            "\"",
            "`",
            ";",
            "\\",
            "$",
            "&",
            "|",
            "<",
            ">",
            "(",
            ")",
            "{",
            "}",
            "[",
            "]",
            "*",
            "?",
            "#",
            "%",
            "!",
            "~",
            "^",
            ":",
            " ",
            "\t",
            "\n",
            "\r",
            "\u0001",
            "\u007f",
            "\u0085",
            "\u00a0",
            "\u200b",
            "\u200d",
            "\u202e",
            "\u2066",
            "\ufeff",
            "\u00e9",
            "e\u0301",
            "\u2126",
            "\uff0e",
            "\u0130",
            "\uD83D\uDE00",
            "\ufffd",
            ".",
            "_",
            "=",
            "+",
            "@",
            ",",
            "-");

    private final Random random;
    private final List<String> code;

    /**
     * @param elsewhere host and port that no request may go to
     * @param decoy address of a file that must not be read
     */
    HostileKeys(long seed, String elsewhere, String decoy) {
        random = new Random(seed);
        code = List.of(
                "?s3_endpoint=" + elsewhere,
                "?s3_endpoint=" + elsewhere + "&s3_use_ssl=false",
                "%3Fs3_endpoint%3D" + elsewhere,
                "http://" + elsewhere + "/",
                "https:/" + elsewhere,
                "s3://elsewhere/",
                "@" + elsewhere,
                decoy,
                "..",
                "../..",
                "%2e%2e%2f",
                "**",
                "*",
                "[a-z]",
                "{a,b}",
                "day=1",
                "id=7",
                "trips=millrace",
                "'; DROP TABLE lake.trips; --",
                "\"; ATTACH 'x' AS y; --",
                "') UNION ALL SELECT 1 --",
                "$(touch x)",
                "`id`",
                "%00",
                "\\..\\..",
                "/etc/passwd",
                "file:",
                "CON",
                "a".repeat(200),
                "b".repeat(300),
                "c/".repeat(450),
                "_hidden",
                ".hidden",
                "part-0",
                "0198-4a");
    }

    /** Different keys of the dataset {@code trips}. */
    List<String> next(int count) {
        Set<String> keys = new LinkedHashSet<>();
        while (keys.size() < count) {
            keys.add(key());
        }
        return new ArrayList<>(keys);
    }

    private String key() {
        StringBuilder key = new StringBuilder("trips/");
        for (int part = random.nextInt(4); part >= 0; part--) {
            switch (random.nextInt(5)) {
                case 0 -> key.append(pick(CHARACTERS));
                case 1 -> key.append(pick(code));
                case 2 -> key.append(Integer.toString(random.nextInt(100_000), Character.MAX_RADIX));
                case 3 -> key.append(random.nextInt(1_000)).append('/');
                default -> key.append(pick(code)).append('/').append(pick(CHARACTERS));
            }
        }
        return key.append(
                        random.nextInt(8) == 0
                                ? pick(List.of(".PARQUET", "", ".csv", ".parquet?a", ".parquet "))
                                : ".parquet")
                .toString();
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    static Fate fate(String key) {
        String[] segments = key.split("/", -1);
        for (int segment = 1; segment < segments.length; segment++) {
            if (segments[segment].startsWith("_") || segments[segment].startsWith(".")) {
                return Fate.IGNORED;
            }
        }
        if (!key.endsWith(".parquet")) {
            return Fate.IGNORED;
        }
        for (String segment : segments) {
            if (segment.isEmpty() || segment.length() > LONGEST_SEGMENT || !isLetterOrDigit(segment.charAt(0))) {
                return Fate.UNSAFE;
            }
            if (!segment.chars().allMatch(c -> isLetterOrDigit((char) c) || ALSO_ALLOWED.indexOf(c) >= 0)) {
                return Fate.UNSAFE;
            }
        }
        return key.length() <= LONGEST_KEY ? Fate.LOADED : Fate.UNSAFE;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
