package dev.millrace.lake;

import dev.millrace.lake.engine.EngineCache;
import dev.millrace.lake.engine.NativeLibrary;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.InvalidContractException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which columns a contract needs for the rows of Parquet files. It takes no lake: an engine of its own reads these files and
 * nothing else. Not thread-safe; to be closed.
 */
public final class ParquetColumns implements AutoCloseable {
    private static final String COLUMNS_OF_FILE = """
            SELECT column_name, column_type FROM (
                DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false, file_row_number = false))
            """;

    private final List<Path> files;
    private final EngineConnection engine;

    /** @throws dev.millrace.lake.engine.EngineException when the engine is not to be had */
    public ParquetColumns(List<Path> files, EngineCache cache) {
        this.files = List.copyOf(files);
        new NativeLibrary(cache).prepare();
        try {
            engine = EngineConnection.plain();
        } catch (SQLException e) {
            throw new LakeException("the engine does not start", e);
        }
        engine.execute("SET allowed_paths = "
                + SqlText.literals(files.stream().map(Path::toString).toList()));
        engine.execute("SET enable_external_access = false");
        engine.execute("SET lock_configuration = true");
    }

    /**
     * The columns of all files, those of the first one in front. Each may be NULL, since a file does not say what the next one
     * will have.
     *
     * @throws InvalidContractException when a file cannot be read, has a column of a type that the lake does not take, or two
     *     files have one of two types of which neither holds the other; names file and column
     */
    public List<Column> read() {
        InferredColumns columns = new InferredColumns();
        files.forEach(file -> columns.add(file.toString(), describe(file)));
        return columns.columns();
    }

    private List<LakeColumn> describe(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidContractException(file + ": there is no such file; name Parquet files one by one");
        }
        try {
            return query(COLUMNS_OF_FILE, List.of(file.toString()));
        } catch (StatementException e) {
            throw new InvalidContractException(file + ": cannot be read as Parquet: " + e.firstLine(), e);
        }
    }

    private List<LakeColumn> query(String sql, Object... values) {
        return engine.run(
                sql,
                statement -> {
                    try (ResultSet rows = statement.executeQuery()) {
                        List<LakeColumn> columns = new ArrayList<>();
                        while (rows.next()) {
                            columns.add(new LakeColumn(rows.getString(1), ParquetTypes.inLake(rows.getString(2))));
                        }
                        return columns;
                    }
                },
                values);
    }

    @Override
    public void close() {
        try {
            engine.close();
        } catch (SQLException e) {
            throw new LakeException("the engine that has read " + files + " does not close", e);
        }
    }
}
