package dev.millrace.lake;

import java.util.regex.Pattern;

/** How the lake files are called that an ingest or a compaction has written: by the id of their batch or step, and a number. */
public final class LakeFileName {
    /** At the end of a path; its group is the id. */
    public static final String WRITER =
            "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})-[0-9]+[.]parquet$";

    private static final Pattern OURS = Pattern.compile("(^|/)" + WRITER);

    private LakeFileName() {}

    /** Whether a file has such a name; others come from others, by SQL. */
    public static boolean isOurs(String path) {
        return OURS.matcher(path).find();
    }
}
