package dev.millrace.cli;

import dev.millrace.schemas.AvroSchemaOf;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.InvalidContractException;
import dev.millrace.schemas.WriteMode;
import dev.millrace.storage.DirectoryStore;
import dev.millrace.storage.KeyConflictException;
import dev.millrace.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;

/**
 * A contract made for columns that files have, as the two files that it becomes.
 *
 * @param madeOf what the columns come from, as a comment in the contract says
 */
record ContractDraft(
        DatasetName dataset, String madeOf, List<Column> columns, List<String> partitionBy, List<String> sortBy) {
    private static final String CONTRACT = """
            # Made from the columns of %1$s.
            # Every column may be NULL: for one that never is, leave "null" out of its type in %2$s.
            dataset: %3$s
            schema: %2$s
            %4$s
            %5$s
            """;

    Path contractIn(Path folder) {
        return folder.resolve(dataset + ".yaml");
    }

    Path schemaIn(Path folder) {
        return folder.resolve(dataset + ".avsc");
    }

    /**
     * The contract as it is read back.
     *
     * @throws InvalidContractException when no contract may be so: a partition column that is not there, a name that the lake takes for
     *     itself
     */
    Contract contract() {
        return new Contract(dataset, schema(), partitionBy, sortBy, WriteMode.APPEND, EvolutionPolicy.ADD_COLUMNS);
    }

    private Schema schema() {
        return AvroSchemaOf.columns(dataset, columns);
    }

    /**
     * Writes schema and contract into a folder, each whole or not at all and the contract last, and overwrites nothing.
     *
     * @throws InvalidContractException when one of the files is there with other content; names it
     */
    void write(Path folder) {
        contract();
        ObjectStore files = DirectoryStore.create(folder);
        put(files, schemaIn(folder), SchemaFormatter.format("json/pretty", schema()) + "\n");
        put(files, contractIn(folder), text());
    }

    private String text() {
        return CONTRACT.formatted(
                madeOf,
                dataset + ".avsc",
                dataset,
                columns("partition-by", partitionBy, "columns of few values, each of which gets files of its own"),
                columns("sort-by", sortBy, "columns that queries filter on"));
    }

    private static String columns(String key, List<String> columns, String hint) {
        return columns.isEmpty()
                ? "# " + key + ": []   # " + hint
                : key + ": " + columns.stream().map(c -> '"' + c + '"').collect(Collectors.joining(", ", "[", "]"));
    }

    private static void put(ObjectStore files, Path file, String content) {
        String name = file.getFileName().toString();
        Path spooled = files.newSpoolFile(name);
        try {
            Files.writeString(spooled, content);
            files.putIfAbsent(name, spooled);
        } catch (KeyConflictException e) {
            throw new InvalidContractException(
                    file + " is there already and is not overwritten; remove it, or write the contract by hand", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        } finally {
            deleteSpooled(spooled);
        }
    }

    private static void deleteSpooled(Path spooled) {
        try {
            Files.deleteIfExists(spooled);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + spooled, e);
        }
    }
}
