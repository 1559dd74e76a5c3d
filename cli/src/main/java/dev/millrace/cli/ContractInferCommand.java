package dev.millrace.cli;

import dev.millrace.cli.text.Quantity;
import dev.millrace.lake.ParquetColumns;
import dev.millrace.lake.engine.EngineCache;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.DatasetName;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a contract for files that are there. */
@Command(
        name = "infer",
        mixinStandardHelpOptions = true,
        description = {
            "Write a contract, and its Avro schema, for the rows of Parquet files. Overwrites nothing.",
            "",
            "Every column may be NULL in it: a file does not say what the next one will have. Read it through, choose"
                    + " partition-by and sort-by, and run 'millrace init'."
        },
        footer = {
            "",
            "Examples:",
            "  millrace contract infer --dataset trips trips-2026-01.parquet trips-2026-02.parquet",
            "  millrace contract infer --dataset trips --partition-by day --sort-by day --sort-by id trips.parquet"
        })
final class ContractInferCommand implements Subcommand {
    private final ProcessContext context;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private GlobalOptions global;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The Parquet files, on this machine.")
    private List<Path> files;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "The dataset's name; else that of the first file, without its ending.")
    private String dataset;

    @Option(
            names = "--partition-by",
            paramLabel = "COLUMN",
            description = "A column whose values get files of their own; may be given several times.")
    private List<String> partitionBy = List.of();

    @Option(
            names = "--sort-by",
            paramLabel = "COLUMN",
            description = "A column that rows are sorted by; may be given several times.")
    private List<String> sortBy = List.of();

    ContractInferCommand(ProcessContext context) {
        this.context = context;
    }

    /** What was written, as it is printed; types as the lake has them. */
    record Result(String dataset, String contract, String schema, List<Field> columns) {
        record Field(String column, String type) {}
    }

    @Override
    public ExitCode run() throws IOException {
        DatasetName name = DatasetName.parse(dataset == null ? nameOf(files.get(0)) : dataset);
        Path folder = global.configuration(context).contracts();
        List<Column> columns;
        try (ParquetColumns parquet = new ParquetColumns(
                files.stream().map(context.workingDirectory()::resolve).toList(), EngineCache.standard())) {
            columns = parquet.read();
        }
        ContractDraft draft =
                new ContractDraft(name, Quantity.of(files.size(), "Parquet file"), columns, partitionBy, sortBy);
        Path contract = draft.contractIn(folder);
        Path schema = draft.schemaIn(folder);
        requireAbsent(contract);
        requireAbsent(schema);
        draft.write(folder);
        print(new Result(
                name.toString(),
                contract.toString(),
                schema.toString(),
                columns.stream()
                        .map(c -> new Result.Field(c.name(), c.type().sql()))
                        .toList()));
        return ExitCode.DONE;
    }

    private static String nameOf(Path file) {
        return file.getFileName()
                .toString()
                .replaceFirst("\\..*", "")
                .toLowerCase(Locale.ROOT)
                .replace('-', '_');
    }

    private void requireAbsent(Path file) {
        if (Files.exists(file)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    file + " is there already and is not overwritten; give another --dataset, or remove it");
        }
    }

    private void print(Result result) throws IOException {
        PrintStream out = context.streams().out();
        if (global.json()) {
            JsonResult.print(out, result);
            return;
        }
        Stream.of(result.contract(), result.schema()).forEach(file -> out.println("written: " + file));
        TextTable table = new TextTable(List.of("column", "type"));
        result.columns().forEach(column -> table.row(List.of(column.column(), column.type())));
        table.print(out);
        out.println("Read it through, then run 'millrace init', which makes the dataset '" + result.dataset() + "'.");
    }
}
