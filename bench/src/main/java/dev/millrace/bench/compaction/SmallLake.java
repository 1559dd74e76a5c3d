package dev.millrace.bench.compaction;

import dev.millrace.bench.BenchException;
import dev.millrace.bench.PlainDuckDb;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import dev.millrace.storage.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.SchemaBuilder;
import org.apache.commons.io.FileUtils;

/**
 * A lake in a folder, SQLite and directory, with one dataset of many small files.
 *
 * @param folder holds the catalog, and the data below {@code data}
 */
record SmallLake(Path folder) {
    static final Contract CONTRACT = new Contract(
            DatasetName.parse("readings"),
            SchemaBuilder.record("Reading")
                    .fields()
                    .requiredLong("id")
                    .requiredInt("sensor")
                    .requiredDouble("temperature")
                    .requiredString("note")
                    .requiredInt("site")
                    .endRecord(),
            List.of("site"),
            List.of("id"),
            WriteMode.APPEND,
            EvolutionPolicy.ADD_COLUMNS);

    private static final int FILES_A_COMMIT = 1_000;
    private static final String WRITE = """
        COPY (
            SELECT i AS id, (i %% 50)::INTEGER AS sensor, sin(i) * 20 AS temperature, md5(i::VARCHAR) AS note,
                %d::INTEGER AS site
            FROM range(%d, %d) r(i)
        ) TO %s (FORMAT parquet, COMPRESSION zstd)
        """;

    SmallLake {
        folder = folder.toAbsolutePath();
    }

    LakeAddress address() {
        return new LakeAddress(new Catalog.SqliteCatalog(catalogFile()), data().toString());
    }

    private Path catalogFile() {
        return folder.resolve("lake.sqlite");
    }

    /** Another catalog that names the same files. */
    Catalog copyOfCatalog() {
        Path copy = folder.resolve("copy.sqlite");
        copy(catalogFile(), copy);
        return new Catalog.SqliteCatalog(copy);
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new BenchException("the catalog " + from + " can't be copied", e);
        }
    }

    /** Where the engine's copy of the files goes. */
    Path copied() {
        return folder.resolve("copied");
    }

    /** Keeps it as it is now, for {@link #restore}. No session may be open. */
    Kept keep() {
        Path catalog = folder.resolve("kept.sqlite");
        copy(catalogFile(), catalog);
        return new Kept(catalog, files());
    }

    /** Makes it what it was. No session may be open. */
    void restore(Kept kept) {
        copy(kept.catalog(), catalogFile());
        FileUtils.deleteQuietly(copied().toFile());
        files().stream()
                .filter(file -> !kept.files().contains(file))
                .forEach(file -> FileUtils.deleteQuietly(file.toFile()));
    }

    private Set<Path> files() {
        try (Stream<Path> files = Files.walk(data())) {
            return files.filter(Files::isRegularFile).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new BenchException("the folder " + data() + " can't be listed", e);
        }
    }

    /** A lake at an earlier time. */
    record Kept(Path catalog, Set<Path> files) {}

    Path data() {
        return folder.resolve("data");
    }

    DirectoryStore store() {
        return DirectoryStore.open(data());
    }

    LakeSession session(SessionOptions.Access access, Optional<Long> memoryBytes) {
        SessionOptions options = SessionOptions.of(access);
        return LakeSession.open(address(), memoryBytes.map(options::withMemory).orElse(options));
    }

    /** Makes it, with files in turn in each of some partitions. */
    void make(int files, int rows, int partitions, Consumer<String> progress) {
        DirectoryStore.create(data());
        try (LakeSession session = session(SessionOptions.Access.CREATE, Optional.empty())) {
            PipelineTables.install(session);
            new DatasetContract(session, CONTRACT).apply();
        }
        try (LakeSession session = session(SessionOptions.Access.WRITE, Optional.empty());
                PlainDuckDb duckDb = PlainDuckDb.open()) {
            DatasetFiles lakeFiles = new DatasetFiles(session, CONTRACT, Long.MAX_VALUE);
            List<String> paths = new ArrayList<>();
            for (int file = 0; file < files; file++) {
                paths.add(write(duckDb, Path.of(lakeFiles.folder()), file, rows, file % partitions));
                if (paths.size() == FILES_A_COMMIT || file == files - 1) {
                    register(session, lakeFiles, paths);
                    paths.clear();
                    progress.accept((file + 1) + " files");
                }
            }
        }
    }

    private static String write(PlainDuckDb duckDb, Path folder, int file, int rows, int site) {
        try {
            Path partition = Files.createDirectories(folder.resolve("site=" + site));
            String path = partition.resolve(BatchId.next() + "-0.parquet").toString();
            duckDb.execute(WRITE.formatted(site, (long) file * rows, (long) (file + 1) * rows, SqlText.literal(path)));
            return path;
        } catch (IOException e) {
            throw new BenchException("a folder below " + folder + " can't be made", e);
        }
    }

    private static void register(LakeSession session, DatasetFiles lakeFiles, List<String> paths) {
        CommitRetry.STANDARD.run(
                session,
                "registering " + paths.size() + " files",
                () -> {
                    lakeFiles.register(paths);
                    return true;
                },
                Optional::empty);
    }
}
