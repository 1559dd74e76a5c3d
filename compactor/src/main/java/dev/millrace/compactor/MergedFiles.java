package dev.millrace.compactor;

import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LiveFiles;
import dev.millrace.lake.StatementException;
import dev.millrace.lake.UnregisteredFiles;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Contract;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes merged files, outside of any transaction, and tells in SQL which rows are theirs and which their inputs'. Belongs to its session's thread. */
final class MergedFiles {
    private static final String ROWS_OF_FILES = "SELECT %s FROM %s WHERE %s";

    private static final String OF_FILES = "filename IN (%s)";

    /** Rows that are inlined later come under the same name: they are none of those that were written. */
    private static final String NO_LATER_THAN = " AND snapshot_id <= %d";

    private static final String NEWEST_SNAPSHOT = "SELECT id FROM lake.current_snapshot()";

    private final LakeSession session;
    private final UnregisteredFiles unregistered;
    private final Contract contract;
    private final DatasetTable table;
    private final DatasetFiles files;

    MergedFiles(CompactEnvironment environment, Contract contract, DatasetTable table, DatasetFiles files) {
        this.session = environment.session();
        this.unregistered = new UnregisteredFiles(session, environment.lakeData());
        this.contract = contract;
        this.table = table;
        this.files = files;
    }

    /** The condition for the rows of the inputs. */
    String ofInputs(List<LakeFile> inputs) {
        String condition = ofFiles(inputs.stream()
                .map(file -> file.isInlined() ? file.path() : files.folder() + file.path())
                .toList());
        return condition
                + (inputs.stream().anyMatch(LakeFile::isInlined)
                        ? NO_LATER_THAN.formatted(session.queryLong(NEWEST_SNAPSHOT))
                        : ofPartitions(inputs.stream().map(LakeFile::partition).toList()));
    }

    /**
     * The condition for the rows of files that are in the lake.
     *
     * @param partitions those of the files
     */
    String ofOutputs(List<String> paths, Collection<String> partitions) {
        return ofFiles(paths) + ofPartitions(partitions);
    }

    private String ofPartitions(Collection<String> partitions) {
        return PartitionCondition.of(contract, partitions);
    }

    private static String ofFiles(List<String> paths) {
        return OF_FILES.formatted(paths.stream().map(SqlText::literal).collect(Collectors.joining(", ")));
    }

    /**
     * Reads files of Millrace that have the dataset's columns as they are, and no deletes, by themselves: the engine would open all files of the
     * dataset, or of the partitions, to find those of a name. What is deleted from them meanwhile is found before the exchange.
     *
     * @param condition for the rows of the inputs
     * @param live the inputs as the catalog describes them, where it was asked
     * @param step begins the names of the files
     * @throws StatementException when the engine refuses; nothing is left behind
     */
    List<WrittenFile> write(List<LakeFile> inputs, String condition, Optional<LiveFiles> live, String step) {
        boolean isDirect = live.filter(LiveFiles::areOfCurrentColumns).isPresent()
                && inputs.stream().noneMatch(LakeFile::isForeign);
        try {
            return isDirect
                    ? unregistered.write(
                            files,
                            files.selectFromFiles(files.selectList()),
                            step,
                            inputs.stream()
                                    .map(file -> files.folder() + file.path())
                                    .toList())
                    : unregistered.write(
                            files, ROWS_OF_FILES.formatted(files.selectList(), table.sqlName(), condition), step);
        } catch (StatementException e) {
            unregistered.remove(files, step);
            throw e;
        }
    }
}
