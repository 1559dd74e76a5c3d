package dev.millrace.ingester;

import dev.millrace.lake.RefusedFile;
import java.util.List;

/**
 * What an action does to refused files.
 *
 * @param accepted it is done to these
 * @param settled these are so already
 * @param declined it can't be done to these
 */
public record QuarantinePlan(List<RefusedFile> accepted, List<RefusedFile> settled, List<Declined> declined) {
    public QuarantinePlan {
        accepted = List.copyOf(accepted);
        settled = List.copyOf(settled);
        declined = List.copyOf(declined);
    }

    /**
     * A file to which it can't be done.
     *
     * @param why continues a sentence that begins with the file's key
     */
    public record Declined(RefusedFile file, String why) {}
}
