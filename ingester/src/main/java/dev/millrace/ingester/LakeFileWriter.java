package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.ingester.WriteOutcome.FilesRefused;
import dev.millrace.ingester.WriteOutcome.Written;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.StatementException;
import dev.millrace.lake.UnregisteredFiles;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.storage.ObjectStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Writes the rows of a batch as lake files, named after the batch, outside of any transaction.
 *
 * <p>What it writes is unknown to the catalog until the batch is committed; what is never committed is an orphan for the
 * cleaner. Deleted are only files of a batch that could not be written, before any transaction knew of them, so that a disk
 * that is full does not fill up with every try. All files of a partition stand in one folder: the engine's own merge fails on others
 * (measured, DuckLake d8a1881e: "Files have different hive partition path"), and an analyst may call it.
 */
final class LakeFileWriter {
    private static final String STAGED = """
            SELECT %s FROM read_parquet(?, hive_partitioning = false, union_by_name = %s)
            """;

    private final LakeSession session;
    private final ObjectStore staging;
    private final ObjectStore lakeData;
    private final Contract contract;
    private final DatasetFiles files;
    private final UnregisteredFiles unregistered;

    /** @param files of the dataset as it is when the batches are written */
    LakeFileWriter(IngestEnvironment environment, Contract contract, DatasetFiles files) {
        this.session = environment.session();
        this.staging = environment.staging();
        this.lakeData = environment.lakeData();
        this.contract = contract;
        this.files = files;
        this.unregistered = new UnregisteredFiles(session, lakeData);
    }

    /**
     * Writes a batch.
     *
     * @param batchId begins the names of the files; new with every call
     * @throws LakeException when it failed for a reason that is none of the files' fault
     */
    WriteOutcome write(Batch batch, String batchId) {
        if (batch.rows() == 0) {
            return new Written(List.of(), 0, 0);
        }
        return batch.way() == Batch.Way.COPY ? copy(batch, batchId) : rewrite(batch, batchId);
    }

    /** What is not read here is never looked at again before an analyst does, so it is decoded once. */
    private WriteOutcome copy(Batch batch, String batchId) {
        List<Refused> bad = new BadFiles(session, staging).unreadable(batch.files());
        if (bad.isEmpty()) {
            bad = refusedForNulls(batch, column -> true);
        }
        if (!bad.isEmpty()) {
            return new FilesRefused(bad);
        }
        Loadable file = batch.files().get(0);
        String key = lakeKey(files.folder())
                + (contract.partitionBy().isEmpty() ? "" : partitionPath(file) + "/")
                + batchId + "-0.parquet";
        lakeData.copyIfAbsent(staging, file.file().key(), key);
        return new Written(
                List.of(lakeData.address(key)),
                file.footer().rows(),
                file.file().sizeBytes());
    }

    private String partitionPath(Loadable file) {
        String[] values = file.footer().partition().orElseThrow().split("/", -1);
        List<String> segments = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            segments.add(contract.partitionBy().get(i) + "=" + values[i]);
        }
        return String.join("/", segments);
    }

    private WriteOutcome rewrite(Batch batch, String batchId) {
        String folder = files.folder();
        List<WrittenFile> written;
        try {
            written = unregistered.write(
                    files,
                    select(batch),
                    batchId,
                    batch.files().stream()
                            .map(f -> staging.address(f.file().key()))
                            .toList());
        } catch (StatementException e) {
            unregistered.remove(files, batchId);
            List<Refused> bad = new BadFiles(session, staging).unreadable(batch.files());
            if (bad.isEmpty() && e.tellsOfValues()) {
                return new WriteOutcome.ValuesRefused(e);
            }
            if (bad.isEmpty()) {
                throw new LakeException(
                        "dataset '" + contract.dataset() + "': a batch of "
                                + batch.files().size()
                                + " staged files could not be written to " + folder + ": " + e.firstLine()
                                + ". Nothing was changed and the files wait for the next ingest",
                        e);
            }
            return new FilesRefused(bad);
        }
        long rows = written.stream().mapToLong(WrittenFile::rows).sum();
        if (rows != batch.rows()) {
            unregistered.remove(files, batchId);
            throw new LakeException("dataset '" + contract.dataset() + "': the footers of "
                    + batch.files().size()
                    + " staged files promise " + batch.rows() + " rows, " + rows + " were written to " + folder
                    + ". Nothing was committed; see whether a staged file was changed after it was staged");
        }
        List<Refused> withNulls = refusedForNulls(
                batch,
                column -> column.type().isNested()
                        || written.stream().anyMatch(f -> f.nullsByColumn().getOrDefault(column.name(), 0L) > 0));
        if (!withNulls.isEmpty()) {
            unregistered.remove(files, batchId);
            return new FilesRefused(withNulls);
        }
        return new Written(
                written.stream().map(WrittenFile::path).toList(),
                rows,
                written.stream().mapToLong(WrittenFile::bytes).sum());
    }

    private String select(Batch batch) {
        Set<String> present = batch.columns().stream().map(LakeColumn::name).collect(Collectors.toSet());
        long schemas =
                batch.files().stream().map(f -> f.footer().schema()).distinct().count();
        return STAGED.formatted(files.selectList(present), schemas > 1);
    }

    /** The files that hold NULL in a required column; only those columns are searched that may have some. */
    private List<Refused> refusedForNulls(Batch batch, Predicate<Column> mayHaveNulls) {
        List<Loadable> unreleased = batch.files().stream()
                .filter(f -> f.file().standing() != StagedObject.Standing.RELEASED)
                .toList();
        if (unreleased.isEmpty()) {
            return List.of();
        }
        Set<String> present = unreleased.stream()
                .flatMap(f -> f.columns().stream())
                .map(LakeColumn::name)
                .collect(Collectors.toSet());
        Set<String> found = new HashSet<>();
        List<Refused> refused = new ArrayList<>();
        contract.columns().stream()
                .filter(Column::required)
                .filter(mayHaveNulls)
                .forEach(column -> {
                    String isNull = files.sources().isNull(column.name(), present);
                    new BadFiles(session, staging)
                            .withNulls(unreleased, column.name(), isNull).stream()
                                    .filter(file -> found.add(file.file().key()))
                                    .forEach(refused::add);
                });
        return refused;
    }

    /** The lake's store has the data path as its root. */
    private String lakeKey(String address) {
        return address.substring(session.address().dataPath().length());
    }
}
