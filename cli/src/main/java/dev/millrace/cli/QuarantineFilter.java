package dev.millrace.cli;

import dev.millrace.lake.QuarantineReason;
import dev.millrace.lake.RefusedFile;
import dev.millrace.schemas.DatasetName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which refused files a command is about, by dataset and reason. */
final class QuarantineFilter {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--dataset",
            paramLabel = "DATASET",
            description = "Only files of this dataset; may be given several times.")
    private List<String> datasets = List.of();

    @Option(names = "--reason", paramLabel = "REASON", description = "Only files that were refused for this reason.")
    private String reason;

    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** Those of the files that pass. */
    List<RefusedFile> of(List<RefusedFile> files) {
        List<DatasetName> wanted = datasets.stream().map(DatasetName::parse).toList();
        List<String> codes = Arrays.stream(QuarantineReason.values())
                .map(QuarantineReason::code)
                .toList();
        if (reason != null && !codes.contains(reason)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--reason is '" + reason + "'; there are " + codes.stream().collect(Collectors.joining(", ")));
        }
        return files.stream()
                .filter(file -> wanted.isEmpty() || wanted.contains(file.dataset()))
                .filter(file -> reason == null || reason.equals(file.verdict().reason()))
                .toList();
    }
}
