package dev.millrace.cli;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.ContractFolder;
import dev.millrace.schemas.DatasetName;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Which datasets a command works on. */
final class DatasetSelection {
    @Parameters(
            paramLabel = "DATASET",
            arity = "0..*",
            description = "The datasets, as their contracts name them; all when none is given.")
    private List<String> datasets = List.of();

    /** Whether none was named. */
    boolean isOfAll() {
        return datasets.isEmpty();
    }

    Collection<Contract> of(ContractFolder contracts) {
        return datasets.isEmpty()
                ? contracts.all()
                : datasets.stream()
                        .map(DatasetName::parse)
                        .map(contracts::require)
                        .toList();
    }
}
