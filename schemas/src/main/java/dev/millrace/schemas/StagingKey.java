package dev.millrace.schemas;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * The key of a staged file, relative to the staging area: {@code <dataset>/<producer>/<batch id>.parquet}.
 *
 * <p>Files of other writers are welcome anywhere below a dataset's prefix; {@link #classify} says what a listed key is.
 */
public record StagingKey(DatasetName dataset, ProducerId producer, BatchId batchId) {
    /**
     * What a segment of a foreign key may consist of. A key reaches the engine as the path of a file, where
     * {@code * ? [} would be globs and {@code ?s3_endpoint=} would redirect a request, so nothing of that kind passes.
     */
    private static final Pattern SAFE_SEGMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._=+@,-]{0,254}");

    private static final int MAX_KEY_CHARACTERS = 900;

    /** What the ingester does with a listed key. */
    public enum Kind {
        /** A staged file. */
        STAGED_FILE,
        /** Not meant for the ingester: a name that begins with {@code _} or {@code .}, or that is not {@code *.parquet}. */
        IGNORED,
        /** A Parquet file by its name, whose key breaks the naming rules and must not reach the engine. */
        UNSAFE
    }

    /** The prefix of all staged files of a dataset, with the slash at its end. */
    public static String prefix(DatasetName dataset) {
        return dataset + "/";
    }

    /** Says what a key is, by its name alone. */
    public static Kind classify(String key) {
        String[] segments = key.split("/", -1);
        if (Arrays.stream(segments).skip(1).anyMatch(s -> s.startsWith("_") || s.startsWith("."))) {
            return Kind.IGNORED;
        }
        if (!key.endsWith(".parquet")) {
            return Kind.IGNORED;
        }
        boolean safe = key.length() <= MAX_KEY_CHARACTERS
                && Arrays.stream(segments).allMatch(s -> SAFE_SEGMENT.matcher(s).matches());
        return safe ? Kind.STAGED_FILE : Kind.UNSAFE;
    }

    /** The key as it stands in the object store. */
    @Override
    public String toString() {
        return prefix(dataset) + producer + "/" + batchId + ".parquet";
    }
}
