package dev.millrace.bench.kills;

import dev.millrace.infra.LocalServers;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** Proves that no kill, no stale holder and no race loses or doubles a row on MinIO and PostgreSQL. */
@Tag("served")
class ServedKillsTest extends Kills {
    @Override
    Sites sites(Path folder) {
        return Sites.served(DatasetMode.APPEND, folder, LocalServers.shared(), clock);
    }
}
