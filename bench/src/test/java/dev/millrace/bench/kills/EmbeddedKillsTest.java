package dev.millrace.bench.kills;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** Proves that no kill, no stale holder and no race loses or doubles a row in folders with SQLite. */
@Tag("slow")
class EmbeddedKillsTest extends Kills {
    @Override
    Sites sites(Path folder) {
        return Sites.embedded(DatasetMode.APPEND, folder, clock);
    }
}
