package dev.millrace.cli.doctor;

import dev.millrace.cli.config.ConfigurationLoader;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.ContractFolder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an examination is about.
 *
 * @param configurationFile the one that the user named
 * @param selection picks the contracts to look at; its exception is the caller's own
 * @param maxWait from when on a waiting file is worth a warning, where the configuration's own measure does not fit
 * @param message the one line that the command has for an exception
 * @param environment where the secrets stand that must not be shown
 */
public record DoctorRequest(
        ConfigurationLoader loader,
        Optional<Path> configurationFile,
        Function<ContractFolder, Collection<Contract>> selection,
        Optional<Duration> maxWait,
        Clock clock,
        Function<Throwable, String> message,
        Map<String, String> environment) {
    public DoctorRequest {
        environment = Map.copyOf(environment);
    }
}
