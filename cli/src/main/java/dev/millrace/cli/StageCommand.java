package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.rows.ColumnTemplate;
import dev.millrace.cli.rows.Row;
import dev.millrace.cli.rows.RowException;
import dev.millrace.cli.rows.RowFormat;
import dev.millrace.cli.rows.RowInput;
import dev.millrace.cli.rows.RowOptions;
import dev.millrace.cli.rows.RowSource;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.ProducerId;
import dev.millrace.staging.Publication;
import dev.millrace.staging.RollPolicy;
import dev.millrace.staging.StagingException;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.KeyConflictException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.avro.generic.GenericRecord;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts the rows of files into the staging area: all of them, or none when one does not fit. */
@Command(
        name = "stage",
        mixinStandardHelpOptions = true,
        description = {
            "Stage rows of CSV, JSON lines or Avro files for a dataset.",
            "",
            "Every row is checked against the contract; when one does not fit, nothing is staged."
                    + " With --id the command can be repeated after any failure without staging a row twice."
        },
        footer = {
            "",
            "Examples:",
            "  millrace stage flights flights.csv.gz --null-value NA",
            "  millrace stage flights 2013.csv --set 'flight_date={year}-{month}-{day}'",
            "  tail -n 1000 events.jsonl | millrace stage events --format jsonl --producer web-1"
        })
final class StageCommand implements Subcommand {
    private static final String STANDARD_INPUT = "-";
    /** By age a file would end elsewhere at each try, and a repeated command would not make the same files. */
    private static final Duration NEVER_BY_AGE = Duration.ofDays(36_500);

    private final ProcessContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private GlobalOptions global;

    @Parameters(index = "0", paramLabel = "DATASET", description = "The dataset, as its contract names it.")
    private String dataset;

    @Parameters(
            index = "1..*",
            paramLabel = "FILE",
            description = "Files to read, *.gz unpacked; standard input when there is none, or for '-'.")
    private List<Path> files = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "csv, jsonl or avro; else told by the name of each file.")
    private String format;

    @Option(names = "--producer", paramLabel = "ID", description = "Who stages; the name of this host if not given.")
    private String producer;

    @Option(
            names = "--null-value",
            paramLabel = "S",
            description = "CSV: a text that stands for NULL, also in quotes; repeatable."
                    + " If not given, an empty value without quotes is NULL.")
    private List<String> nullValues = List.of();

    @Option(
            names = "--set",
            paramLabel = "COL=TEMPLATE",
            description = "Make a column of others: 'day={year}-{month}-{day}'; repeatable. NULL where one of them is.")
    private List<String> templates = List.of();

    @Option(names = "--ignore-extra", description = "Leave out columns that the contract does not have.")
    private boolean ignoreExtra;

    @Option(
            names = "--id",
            paramLabel = "UUID",
            description = "Names what is staged: the same command with the same id stages nothing twice.")
    private UUID id;

    @Option(names = "--max-rows-per-file", paramLabel = "N", description = "Begin another staged file after N rows.")
    private Long maxRowsPerFile;

    StageCommand(ProcessContext context) {
        this.context = context;
    }

    @Override
    public ExitCode run() throws IOException {
        RowOptions options = rowOptions();
        List<Input> inputs = inputs();
        try (Workspace workspace = global.workspace(context)) {
            return stage(workspace, inputs, options);
        }
    }

    private ExitCode stage(Workspace workspace, List<Input> inputs, RowOptions options) throws IOException {
        Contract contract = workspace.contracts().require(DatasetName.parse(dataset));
        ProducerId staging = producer == null ? ProducerId.sanitized(hostName()) : new ProducerId(producer);
        UUID base = id == null ? UUID.fromString(BatchId.next().value()) : id;
        StagingWriter<GenericRecord> writer =
                StagingWriter.open(workspace.createdStaging(), contract, staging, writerOptions(base));
        try {
            write(inputs, contract, options, writer);
        } catch (IOException | RuntimeException e) {
            discard(writer, e);
            throw e;
        }
        publish(writer, base);
        StageResult result = StageResult.of(dataset, writer.staged());
        if (global.json()) {
            JsonResult.print(context.streams().out(), result);
        } else {
            result.print(context.streams().out());
        }
        return ExitCode.DONE;
    }

    private void write(List<Input> inputs, Contract contract, RowOptions options, StagingWriter<GenericRecord> writer)
            throws IOException {
        try (Progress progress = new Progress(context)) {
            for (Input input : inputs) {
                try (RowSource source = open(input, contract, options)) {
                    for (Optional<Row> row = source.next(); row.isPresent(); row = source.next()) {
                        write(writer, row.get());
                        progress.row();
                    }
                }
            }
        }
    }

    private static void write(StagingWriter<GenericRecord> writer, Row row) {
        try {
            writer.write(row.record());
        } catch (StagingException e) {
            throw FailureReport.isOfTheOutside(e) ? e : new RowException(row.origin(), e.getMessage(), e);
        }
    }

    private RowSource open(Input input, Contract contract, RowOptions options) throws IOException {
        RowInput bytes = input.file().isPresent()
                ? RowInput.file(input.file().get())
                : RowInput.standardInput(context.streams().in());
        try {
            return input.format().open(bytes, contract, options);
        } catch (IllegalArgumentException e) {
            throw usage("--set: " + e.getMessage());
        }
    }

    private static void discard(StagingWriter<GenericRecord> writer, Exception failure) {
        try {
            writer.discard();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static void publish(StagingWriter<GenericRecord> writer, UUID base) {
        try {
            writer.close();
        } catch (KeyConflictException e) {
            discard(writer, e);
            throw e;
        } catch (RuntimeException e) {
            discard(writer, e);
            throw new UnfinishedStagingException(base, e);
        }
    }

    private record Input(Optional<Path> file, RowFormat format) {}

    private List<Input> inputs() {
        List<Input> inputs = new ArrayList<>();
        for (Path file : files.isEmpty() ? List.of(Path.of(STANDARD_INPUT)) : files) {
            if (file.toString().equals(STANDARD_INPUT)) {
                RowFormat given = givenFormat()
                        .orElseThrow(
                                () -> usage("say with --format how the standard input is written: csv, jsonl or avro"));
                inputs.add(new Input(Optional.empty(), given));
            } else {
                Path path = context.resolve(file);
                if (!Files.exists(path) || Files.isDirectory(path)) {
                    throw usage("there is no file " + path);
                }
                RowFormat told = givenFormat()
                        .or(() -> RowFormat.ofFileName(path.toString()))
                        .orElseThrow(() -> usage("the name of " + path
                                + " does not tell its format; say it with --format csv, jsonl or avro"));
                inputs.add(new Input(Optional.of(path), told));
            }
        }
        if (!nullValues.isEmpty() && inputs.stream().anyMatch(input -> input.format() != RowFormat.CSV)) {
            throw usage("--null-value is for CSV; JSON and Avro have a null of their own");
        }
        return inputs;
    }

    private Optional<RowFormat> givenFormat() {
        if (format == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(RowFormat.valueOf(format.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw usage("--format is '" + format + "'; allowed are csv, jsonl and avro");
        }
    }

    private RowOptions rowOptions() {
        try {
            return new RowOptions(
                    new HashSet<>(nullValues),
                    templates.stream().map(ColumnTemplate::parse).toList(),
                    ignoreExtra);
        } catch (IllegalArgumentException e) {
            throw usage("--set: " + e.getMessage());
        }
    }

    private StagingWriterOptions writerOptions(UUID base) {
        if (maxRowsPerFile != null && maxRowsPerFile < 1) {
            throw usage("--max-rows-per-file is " + maxRowsPerFile + "; use at least 1");
        }
        RollPolicy usual = RollPolicy.defaults();
        long maxRows = maxRowsPerFile == null ? usual.maxRows() : maxRowsPerFile;
        return StagingWriterOptions.defaults()
                .withRoll(new RollPolicy(maxRows, usual.maxBytes(), NEVER_BY_AGE))
                .withPublication(Publication.ON_CLOSE)
                .withBatchIds(parts(base))
                .withClock(context.clock());
    }

    private static Supplier<BatchId> parts(UUID base) {
        int[] next = {0};
        return () -> BatchId.part(base, next[0]++);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "cli";
        }
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
