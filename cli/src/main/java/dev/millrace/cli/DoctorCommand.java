package dev.millrace.cli;

import dev.millrace.cli.config.DurationText;
import dev.millrace.cli.doctor.Diagnosis;
import dev.millrace.cli.doctor.Doctor;
import dev.millrace.cli.doctor.DoctorRequest;
import dev.millrace.cli.doctor.Examined;
import dev.millrace.cli.doctor.Item;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The health check. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Check everything that the pipeline stands on, in ten seconds at most, and say what to do about what is wrong.",
            "",
            "Changes nothing: a probe that it writes into the staging area and beside the lake files is removed again."
                    + " Ends with 0 when all is well, 10 when there are warnings, 11 when something does not work."
        },
        footer = {"", "Examples:", "  millrace doctor", "  millrace doctor flights --json"})
final class DoctorCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Mixin
    private DatasetSelection selection;

    @Option(
            names = "--max-wait",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "Warn when a staged file waits longer, such as 2h; if not given, twice ingest.lease and ingest.settle.")
    private Duration maxWait;

    DoctorCommand(ProcessContext context) {
        this.context = context;
    }

    /** The diagnosis, as it is printed. */
    record Result(String verdict, long millis, List<Check> checks) {
        /** {@code status}: ok, warning, failed or skipped. {@code remedy} is null where there is nothing to do. */
        record Check(
                String group, String check, String status, long millis, String seen, String remedy, List<One> items) {}

        /** One of the things that the check looked at. */
        record One(String subject, String status, String seen, Map<String, Long> numbers) {}
    }

    @Override
    public ExitCode run() throws IOException {
        Diagnosis diagnosis = new Doctor(new DoctorRequest(
                        global.loader(context),
                        global.config(),
                        selection::of,
                        Optional.ofNullable(maxWait),
                        context.clock(),
                        FailureReport::message,
                        context.environment()))
                .examine();
        if (global.json()) {
            JsonResult.print(context.streams().out(), result(diagnosis));
        } else {
            new DiagnosisText(diagnosis, context.coloured())
                    .print(context.streams().out());
        }
        return switch (diagnosis.verdict()) {
            case HEALTHY -> ExitCode.DONE;
            case DEGRADED -> ExitCode.DEGRADED;
            case BROKEN -> ExitCode.BROKEN;
        };
    }

    private static Result result(Diagnosis diagnosis) {
        return new Result(
                diagnosis.verdict().word(),
                diagnosis.elapsed().toMillis(),
                diagnosis.checks().stream().map(DoctorCommand::check).toList());
    }

    private static Result.Check check(Examined examined) {
        return new Result.Check(
                examined.group(),
                examined.check(),
                examined.finding().status().word(),
                examined.elapsed().toMillis(),
                examined.finding().seen(),
                examined.finding().remedy().orElse(null),
                examined.finding().items().stream().map(DoctorCommand::one).toList());
    }

    private static Result.One one(Item item) {
        return new Result.One(item.subject(), item.status().word(), item.seen(), item.numbers());
    }

    /** Durations as the configuration writes them. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return DurationText.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' is not a duration; allowed is " + e.getMessage());
            }
        }
    }
}
