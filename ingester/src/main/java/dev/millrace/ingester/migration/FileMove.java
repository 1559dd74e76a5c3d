package dev.millrace.ingester.migration;

import dev.millrace.lake.AbandonedFiles;
import dev.millrace.lake.CompactionStep;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings lake files to the place of the other lake, where no catalog knows them yet. A file goes as it is and keeps its name; of one that
 * has deletes the rows that are left go, in a file of their own and with a step that tells of it, as a compaction would.
 *
 * <p>May be repeated: what is there with the same content is left.
 */
final class FileMove {
    private static final String ROWS_OF_FILE = "SELECT %s FROM %s WHERE filename = %s";

    /**
     * What is to be registered.
     *
     * @param paths in the other lake
     * @param steps that tell of the files that were written anew
     */
    record Moved(List<String> paths, List<CompactionStep> steps) {}

    private final MigrationPlace from;
    private final MigrationPlace to;
    private final Contract contract;
    private final DatasetTable table;
    private final DatasetFiles files;
    private final String targetFolder;
    private final Clock clock;

    FileMove(MigrationPlace from, MigrationPlace to, Contract contract) {
        this.from = from;
        this.to = to;
        this.contract = contract;
        this.table = new DatasetTable(from.session(), contract.dataset());
        this.files = new DatasetFiles(from.session(), contract, Long.MAX_VALUE);
        this.targetFolder = new DatasetTable(to.session(), contract.dataset()).folder();
        this.clock = from.ingest().clock();
    }

    /** @param runId of the run that moves */
    Moved run(List<SourceFile> sources, String runId) {
        to.lakeData().makeFolder(key(to, targetFolder));
        List<String> paths = new ArrayList<>();
        List<CompactionStep> steps = new ArrayList<>();
        for (SourceFile source : sources) {
            if (!source.hasDeletes()) {
                paths.add(copy(source.path()));
            } else if (source.liveRows() > 0) {
                paths.addAll(writeAnew(source, runId, steps));
            }
        }
        return new Moved(List.copyOf(paths), List.copyOf(steps));
    }

    private String copy(String pathBelowFolder) {
        String target = targetFolder + pathBelowFolder;
        to.lakeData().copyIfAbsent(from.lakeData(), key(from, files.folder() + pathBelowFolder), key(to, target));
        return target;
    }

    private List<String> writeAnew(SourceFile source, String runId, List<CompactionStep> steps) {
        Instant begun = clock.instant();
        String id = BatchId.next().toString();
        try {
            List<WrittenFile> written = files.write(
                    ROWS_OF_FILE.formatted(
                            files.selectList(), table.sqlName(), SqlText.literal(files.folder() + source.path())),
                    id);
            long rows = written.stream().mapToLong(WrittenFile::rows).sum();
            if (rows != source.liveRows()) {
                throw new LakeException("dataset '" + contract.dataset() + "': of " + source.path() + " " + rows
                        + " rows were written instead of " + source.liveRows()
                        + ": somebody changes the dataset by SQL. Nothing was moved; try again when nobody does");
            }
            steps.add(step(source, written, id, runId, begun));
            return written.stream()
                    .map(file -> copy(file.path().substring(files.folder().length())))
                    .toList();
        } finally {
            new AbandonedFiles(from.session(), from.lakeData()).remove(files.folder(), id);
        }
    }

    private CompactionStep step(SourceFile source, List<WrittenFile> written, String id, String runId, Instant begun) {
        Instant now = clock.instant();
        return new CompactionStep(
                id,
                runId,
                contract.dataset(),
                "rewrite",
                new CompactionStep.Files(1, source.bytes()),
                new CompactionStep.Files(
                        written.size(),
                        written.stream().mapToLong(WrittenFile::bytes).sum()),
                source.liveRows(),
                new CompactionStep.ChangedRows(source.deletedRows(), 0),
                now,
                Duration.between(begun, now));
    }

    private static String key(MigrationPlace place, String path) {
        return path.substring(place.session().address().dataPath().length());
    }
}
