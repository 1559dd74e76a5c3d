package dev.millrace.ingester.migration;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.DatasetName;
import java.nio.file.Path;
import java.util.List;

/**
 * Hands a dataset's rows of the pipeline's own tables from one session to another, by files in a folder that both can reach. Leases and
 * pins don't go: they are about the lake that is left.
 */
final class HandedTables {
    private static final List<String> NAMES = List.of("ledger", "step", "upsert", "run", "evolution");
    private static final String WRITE = """
            COPY (SELECT * FROM lake.millrace.%s WHERE dataset = %s%s) TO %s (FORMAT parquet)
            """;
    private static final String READ = "INSERT INTO lake.millrace.%s BY NAME SELECT * FROM read_parquet(%s)";
    private static final String ROWS = "SELECT count(*) FROM lake.millrace.ledger WHERE dataset = ?";
    private static final String ENDED = " AND outcome <> 'running'";

    private final Path folder;
    private final DatasetName dataset;

    HandedTables(Path folder, DatasetName dataset) {
        this.folder = folder;
        this.dataset = dataset;
    }

    void write(LakeSession from) {
        NAMES.forEach(name -> from.execute(WRITE.formatted(
                name, SqlText.literal(dataset.toString()), name.equals("run") ? ENDED : "", file(name))));
    }

    /** Inserts them, inside of the caller's transaction. */
    void insert(LakeSession to) {
        NAMES.forEach(name -> to.execute(READ.formatted(name, file(name))));
    }

    static long ledgerRows(LakeSession session, DatasetName dataset) {
        return session.queryLong(ROWS, dataset.toString());
    }

    private String file(String name) {
        return SqlText.literal(folder.resolve(dataset + "-" + name + ".parquet").toString());
    }
}
