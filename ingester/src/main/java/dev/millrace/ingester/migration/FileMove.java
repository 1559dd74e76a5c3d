package dev.millrace.ingester.migration;

import dev.millrace.lake.CompactionStep;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.UnregisteredFiles;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Brings lake files to the place of the other lake, where no catalog knows them yet. A file goes as it is and keeps its name. Of those that have
 * deletes, or were written before the dataset got its columns, the rows that are left go, in files of their own and with steps that tell of it, as a
 * compaction would.
 *
 * <p>May be repeated: what is there with the same content is left.
 */
final class FileMove {
    private static final String ROWS_OF_FILES = "SELECT %s FROM %s WHERE filename IN (%s)";

    /** The engine looks through all files of the dataset for those of a name, so that many are written together. */
    private static final int FILES_AT_ONCE = 1_000;

    private static final long BYTES_AT_ONCE = 256_000_000;

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
        sources.stream().filter(SourceFile::canBeCopied).forEach(source -> paths.add(copy(source.path())));
        for (List<SourceFile> group : groups(sources.stream()
                .filter(source -> !source.canBeCopied() && source.liveRows() > 0)
                .toList())) {
            paths.addAll(writeAnew(group, runId, steps));
        }
        return new Moved(List.copyOf(paths), List.copyOf(steps));
    }

    private static List<List<SourceFile>> groups(List<SourceFile> sources) {
        List<List<SourceFile>> groups = new ArrayList<>();
        long bytes = 0;
        for (SourceFile source : sources) {
            boolean isFull = groups.isEmpty()
                    || groups.get(groups.size() - 1).size() == FILES_AT_ONCE
                    || bytes + source.bytes() > BYTES_AT_ONCE;
            if (isFull) {
                groups.add(new ArrayList<>());
                bytes = 0;
            }
            groups.get(groups.size() - 1).add(source);
            bytes += source.bytes();
        }
        return groups;
    }

    private String copy(String pathBelowFolder) {
        String target = targetFolder + pathBelowFolder;
        to.lakeData().copyIfAbsent(from.lakeData(), key(from, files.folder() + pathBelowFolder), key(to, target));
        return target;
    }

    private List<String> writeAnew(List<SourceFile> sources, String runId, List<CompactionStep> steps) {
        Instant begun = clock.instant();
        String id = BatchId.next().toString();
        try {
            List<WrittenFile> written = files.write(
                    ROWS_OF_FILES.formatted(
                            files.selectList(),
                            table.sqlName(),
                            sources.stream()
                                    .map(source -> SqlText.literal(files.folder() + source.path()))
                                    .collect(Collectors.joining(", "))),
                    id);
            long rows = written.stream().mapToLong(WrittenFile::rows).sum();
            long live = sum(sources, SourceFile::liveRows);
            if (rows != live) {
                throw new LakeException("dataset '" + contract.dataset() + "': of "
                        + sources.get(0).path() + (sources.size() == 1 ? "" : " and others") + " " + rows
                        + " rows were written instead of " + live
                        + ": somebody changes the dataset by SQL. Nothing was moved; try again when nobody does");
            }
            steps.add(step(sources, written, id, runId, begun));
            return written.stream()
                    .map(file -> copy(file.path().substring(files.folder().length())))
                    .toList();
        } finally {
            new UnregisteredFiles(from.session(), from.lakeData()).remove(files, id);
        }
    }

    private CompactionStep step(
            List<SourceFile> sources, List<WrittenFile> written, String id, String runId, Instant begun) {
        Instant now = clock.instant();
        return new CompactionStep(
                id,
                runId,
                contract.dataset(),
                "rewrite",
                new CompactionStep.Files(sources.size(), sum(sources, SourceFile::bytes)),
                new CompactionStep.Files(
                        written.size(),
                        written.stream().mapToLong(WrittenFile::bytes).sum()),
                sum(sources, SourceFile::liveRows),
                new CompactionStep.ChangedRows(
                        sum(sources, SourceFile::deletedRows), sum(sources, SourceFile::foreignRows)),
                now,
                Duration.between(begun, now));
    }

    private static long sum(List<SourceFile> sources, ToLongFunction<SourceFile> value) {
        return sources.stream().mapToLong(value).sum();
    }

    private static String key(MigrationPlace place, String path) {
        return path.substring(place.session().address().dataPath().length());
    }
}
