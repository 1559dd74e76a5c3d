package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.lake.StatementException;
import java.util.List;

/** What came of writing a batch's lake files. */
sealed interface WriteOutcome {
    /** They stand under the lake's data path, unknown to the catalog yet. */
    record Written(List<String> lakeFiles, long rows, long bytes) implements WriteOutcome {
        public Written {
            lakeFiles = List.copyOf(lakeFiles);
        }
    }

    /** As {@link Written}, for a dataset of the mode {@code upsert}. */
    record Upserted(UpsertChange change) implements WriteOutcome {}

    /** Some staged files of the batch are bad; the others have to be written without them. */
    record FilesRefused(List<Refused> refused) implements WriteOutcome {
        public FilesRefused {
            refused = List.copyOf(refused);
        }
    }

    /** Every staged file can be read, and the lake can't take the values of one of them, or of all of them together. */
    record ValuesRefused(StatementException cause) implements WriteOutcome {}
}
