package dev.millrace.lake;

import dev.millrace.schemas.Column;
import dev.millrace.schemas.InvalidContractException;
import dev.millrace.schemas.LakeType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns that a contract needs for the rows of Parquet files: those of the first file in front. Not thread-safe. */
public final class InferredColumns {
    private final Map<String, EngineType> types = new LinkedHashMap<>();

    /**
     * Adds the columns of a file.
     *
     * @param file as messages name it
     * @throws InvalidContractException when a column has a type that no contract can have, or one that together with that of the
     *     files before goes into none; names file and column
     */
    public void add(String file, List<LakeColumn> columns) {
        for (LakeColumn column : columns) {
            EngineType type = widened(file, column.name(), column.engineType());
            EngineType before = types.get(column.name());
            types.put(
                    column.name(),
                    before == null
                            ? type
                            : TypeFit.union(before, type)
                                    .orElseThrow(() -> new InvalidContractException(file + ": the column '"
                                            + column.name() + "' has the type " + type.sql() + ", and "
                                            + before.sql()
                                            + " in the files before; a column has one type, so make a"
                                            + " dataset of each")));
        }
    }

    /** Each may be NULL, since a file does not say what the next one will have. */
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        types.forEach(
                (name, type) -> columns.add(new Column(name, type.lakeType().orElseThrow(), false)));
        return List.copyOf(columns);
    }

    /** The same, or the narrowest type that a contract can have for it. */
    private static EngineType widened(String file, String path, EngineType type) {
        if (type instanceof EngineType.ListOf list) {
            return new EngineType.ListOf(widened(file, path + "[]", list.element()));
        }
        if (type instanceof EngineType.StructOf struct) {
            return new EngineType.StructOf(struct.fields().stream()
                    .map(field ->
                            new EngineType.Field(field.name(), widened(file, path + "." + field.name(), field.type())))
                    .toList());
        }
        if (type instanceof EngineType.MapOf map) {
            if (!map.key().sql().equals(LakeType.Scalar.VARCHAR.sql())) {
                throw unfit(file, path, type, "the keys of a map are text in Avro");
            }
            return new EngineType.MapOf(map.key(), widened(file, path + "{}", map.value()));
        }
        if (type.lakeType().isPresent()) {
            return type;
        }
        return WiderTypes.narrowestFor(type.sql())
                .<EngineType>map(wider -> new EngineType.Plain(wider.sql()))
                .orElseThrow(() ->
                        unfit(file, path, type, "write it as a number, text, date, time or decimal that Avro has"));
    }

    private static InvalidContractException unfit(String file, String path, EngineType type, String advice) {
        return new InvalidContractException(file + ": the column '" + path + "' has the type " + type.sql()
                + ", which no contract can have; " + advice);
    }
}
