package dev.millrace.cli.doctor;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.log.SecretValues;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.schemas.Contract;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Examines all that a configuration names. For one thread. */
public final class Doctor {
    /** With the start and the end of the process that stays below ten seconds. */
    static final Duration BUDGET = Duration.ofMillis(7_500);

    private final DoctorRequest request;

    public Doctor(DoctorRequest request) {
        this.request = request;
    }

    /**
     * Looks at everything. Takes no longer than its budget, whatever hangs; throws only what the request's selection throws.
     */
    public Diagnosis examine() {
        SecretValues secrets = SecretValues.of(request.environment());
        try (Examination examination = new Examination(BUDGET, new FailureWords(request.message()))) {
            ConfigurationFile file = new ConfigurationFile(request.loader(), request.configurationFile());
            Step configuration = Step.of(Group.CONFIGURATION, "file", Lane.CONFIGURATION, file)
                    .orElse("correct it: docs/configuration.md has every key");
            examination.run(List.of(configuration));
            file.configuration()
                    .ifPresentOrElse(
                            read -> examine(examination, read),
                            () -> examination.run(List.of(Step.of(
                                            Group.CONFIGURATION,
                                            "everything else",
                                            Lane.CONFIGURATION,
                                            () -> Finding.ok("never"))
                                    .needing(configuration))));
            return examination.diagnosis().rewritten(secrets::masked);
        }
    }

    private void examine(Examination examination, Configuration configuration) {
        ContractFiles files = new ContractFiles(configuration.contracts());
        Step contracts = Step.of(Group.CONFIGURATION, "contracts", Lane.CONFIGURATION, files)
                .orElse("correct the contract: docs/configuration.md has every key");
        examination.run(List.of(contracts));
        Collection<Contract> selected =
                files.contracts().map(request.selection()).orElse(List.of());
        Workspace workspace = new Workspace(configuration, request.environment(), request.clock(), notice -> {});
        examination.closeWith(Lane.KEYS, workspace);
        examination.run(
                new Plan(request, examination, configuration, workspace).steps(contracts, files.contracts(), selected));
    }
}
