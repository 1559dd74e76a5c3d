package dev.millrace.lake;

import dev.millrace.lake.engine.EngineCache;
import dev.millrace.lake.engine.NativeLibrary;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.InvalidContractException;
import dev.millrace.schemas.LakeType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says which columns a contract needs for the rows of Parquet files. It takes no lake: an engine of its own reads these files and
 * nothing else. Not thread-safe; to be closed.
 */
public final class ParquetColumns implements AutoCloseable {
    private static final String COLUMNS_OF_FILE = """
            SELECT column_name, column_type FROM (
                DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false, file_row_number = false))
            """;
    private static final String FIELDS = "DESCRIBE SELECT unnest(CAST(NULL AS %s))";
    private static final String KEY_AND_VALUE =
            "DESCRIBE SELECT map_keys(v)[1], map_values(v)[1] FROM (SELECT CAST(NULL AS %s) AS v)";
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\(([0-9]+),([0-9]+)\\)");

    private final List<Path> files;
    private final EngineConnection engine;

    /** @throws dev.millrace.lake.engine.EngineException when the engine is not to be had */
    public ParquetColumns(List<Path> files, EngineCache cache) {
        this.files = List.copyOf(files);
        new NativeLibrary(cache).prepare();
        try {
            engine = new EngineConnection();
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
        Map<String, Column> columns = new LinkedHashMap<>();
        for (Path file : files) {
            for (LakeColumn column : describe(file)) {
                LakeType type = type(file, column.name(), ParquetTypes.inLake(column.type()), false);
                columns.merge(
                        column.name(), new Column(column.name(), type, false), (seen, more) -> wider(file, seen, more));
            }
        }
        return List.copyOf(columns.values());
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
                            columns.add(new LakeColumn(rows.getString(1), rows.getString(2)));
                        }
                        return columns;
                    }
                },
                values);
    }

    private static Column wider(Path file, Column seen, Column more) {
        String before = seen.type().sql();
        String now = more.type().sql();
        if (before.equals(now) || WiderTypes.holds(now, before)) {
            return more;
        }
        if (WiderTypes.holds(before, now)) {
            return seen;
        }
        throw new InvalidContractException(file + ": the column '" + seen.name() + "' has the type " + now + ", and "
                + before + " in the files before; a column has one type, so make a dataset of each");
    }

    private LakeType type(Path file, String path, String sql, boolean isNested) {
        if (sql.endsWith("[]")) {
            return new LakeType.ListType(type(file, path + "[]", sql.substring(0, sql.length() - "[]".length()), true));
        }
        if (sql.startsWith("STRUCT(")) {
            return new LakeType.StructType(query(FIELDS.formatted(sql)).stream()
                    .map(field ->
                            new Column(field.name(), type(file, path + "." + field.name(), field.type(), true), false))
                    .toList());
        }
        if (sql.startsWith("MAP(")) {
            List<LakeColumn> keyAndValue = query(KEY_AND_VALUE.formatted(sql));
            if (!keyAndValue.get(0).type().equals(LakeType.Scalar.VARCHAR.sql())) {
                throw unfit(file, path, sql, "the keys of a map are text in Avro");
            }
            return new LakeType.MapType(
                    type(file, path + "{}", keyAndValue.get(1).type(), true));
        }
        Matcher decimal = DECIMAL.matcher(sql);
        if (decimal.matches()) {
            return new LakeType.DecimalType(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
        }
        return scalar(file, path, sql, isNested);
    }

    private static LakeType scalar(Path file, String path, String sql, boolean isNested) {
        for (LakeType.Scalar scalar : LakeType.Scalar.values()) {
            if (scalar.sql().equals(sql)) {
                return scalar;
            }
        }
        LakeType wider = WiderTypes.narrowestFor(sql)
                .orElseThrow(() ->
                        unfit(file, path, sql, "write it as a number, text, date, time or decimal that Avro has"));
        if (isNested) {
            throw unfit(file, path, sql, "within a list, map or record it would have to be " + wider.sql());
        }
        return wider;
    }

    private static InvalidContractException unfit(Path file, String path, String sql, String advice) {
        return new InvalidContractException(
                file + ": the column '" + path + "' has the type " + sql + ", which no contract can have; " + advice);
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
