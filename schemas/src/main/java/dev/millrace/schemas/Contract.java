package dev.millrace.schemas;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * What a dataset is: its Avro schema, how the lake lays it out, and what its producers may change.
 *
 * @param schema the Avro record schema; every field must map to a lake type, see {@link AvroTypeMapping}
 * @param partitionBy columns whose distinct values each get files of their own; may be empty
 * @param sortBy columns that the rows of a lake file are sorted by; may be empty
 * @param mode what a staged row does to the dataset
 * @param files how the lake files are written
 */
public record Contract(
        DatasetName dataset,
        Schema schema,
        List<String> partitionBy,
        List<String> sortBy,
        WriteMode mode,
        EvolutionPolicy evolution,
        FileLayout files) {

    /** By these the engine tells of a row which file and which snapshot it is from; a column of the name hides that from a merge. */
    private static final Set<String> NAMES_OF_THE_ENGINE = Set.of("filename", "snapshot_id");

    public Contract {
        partitionBy = List.copyOf(partitionBy);
        sortBy = List.copyOf(sortBy);
        List<Column> columns = AvroTypeMapping.columns(schema);
        checkNames(dataset, columns);
        ColumnAliases.of(schema);
        checkColumns("partition-by", dataset, partitionBy, columns);
        checkColumns("sort-by", dataset, sortBy, columns);
        if (mode instanceof WriteMode.Upsert upsert) {
            UpsertColumns.check(dataset, upsert, columns);
        }
    }

    /** With files of the standard layout. */
    public Contract(
            DatasetName dataset,
            Schema schema,
            List<String> partitionBy,
            List<String> sortBy,
            WriteMode mode,
            EvolutionPolicy evolution) {
        this(dataset, schema, partitionBy, sortBy, mode, evolution, FileLayout.STANDARD);
    }

    /** The columns of the dataset in the order of the schema. */
    public List<Column> columns() {
        return AvroTypeMapping.columns(schema);
    }

    /** The former names of the columns. */
    public ColumnAliases aliases() {
        return ColumnAliases.of(schema);
    }

    /** Whether a column can hold no NULL, by the schema or by the mode. */
    public boolean requires(Column column) {
        return column.required() || mode.requiredColumns().contains(column.name());
    }

    /** The contract of the table beside the dataset that remembers deleted keys; absent where none are to be remembered. */
    public Optional<Contract> deletedKeys() {
        if (!(mode instanceof WriteMode.Upsert upsert) || !upsert.remembersDeletes()) {
            return Optional.empty();
        }
        List<Schema.Field> fields = upsert.requiredColumns().stream()
                .map(name -> new Schema.Field(
                        schema.getField(name), schema.getField(name).schema()))
                .toList();
        return Optional.of(new Contract(
                dataset.deletedKeys(),
                Schema.createRecord("deleted_key", null, null, false, fields),
                List.of(),
                upsert.key(),
                WriteMode.APPEND,
                EvolutionPolicy.STRICT));
    }

    /**
     * The column whose values say when the event of a row happened: the first date or timestamp column among those to
     * sort by, then among those to partition by.
     */
    public Optional<Column> eventTimeColumn() {
        return java.util.stream.Stream.concat(sortBy.stream(), partitionBy.stream())
                .map(this::column)
                .filter(c -> c.type() instanceof LakeType.Scalar s && s.isTemporal())
                .findFirst();
    }

    private Column column(String name) {
        return columns().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    }

    /** Whether the lake has a column of the name of its own in every table, so that a dataset can have none. */
    public static boolean isNameOfTheEngine(String column) {
        return NAMES_OF_THE_ENGINE.contains(column.toLowerCase(Locale.ROOT));
    }

    private static void checkNames(DatasetName dataset, List<Column> columns) {
        columns.stream()
                .map(Column::name)
                .filter(Contract::isNameOfTheEngine)
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidContractException("contract of dataset '" + dataset + "': the lake has a column '"
                            + name + "' of its own in every table; give the field another name");
                });
    }

    private static void checkColumns(String key, DatasetName dataset, List<String> names, List<Column> columns) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            Column column = columns.stream()
                    .filter(c -> c.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new InvalidContractException("contract of dataset '" + dataset + "': " + key
                            + " names the column '" + name + "', which the schema does not have; it has "
                            + columns.stream().map(Column::name).toList()));
            if (column.type().isNested()) {
                throw new InvalidContractException("contract of dataset '" + dataset + "': " + key
                        + " names the column '" + name + "' of the nested type "
                        + column.type().sql()
                        + "; only plain columns can be used there");
            }
            if (!seen.add(name)) {
                throw new InvalidContractException(
                        "contract of dataset '" + dataset + "': " + key + " names the column '" + name + "' twice");
            }
        }
    }
}
