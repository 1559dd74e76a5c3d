package dev.millrace.cli.doctor;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.ConfigurationLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether there is a configuration, and all of its keys can be used. */
final class ConfigurationFile implements Check {
    private final ConfigurationLoader loader;
    private final Optional<Path> given;
    private volatile Optional<Configuration> configuration = Optional.empty();

    ConfigurationFile(ConfigurationLoader loader, Optional<Path> given) {
        this.loader = loader;
        this.given = given;
    }

    /** What was read, for the checks after this one. */
    Optional<Configuration> configuration() {
        return configuration;
    }

    @Override
    public Finding look() {
        Optional<Path> file = loader.find(given);
        Configuration read = loader.load(given);
        if (file.isEmpty() && loader.overridden().isEmpty() && !Files.exists(read.contracts())) {
            return Finding.failed(
                    "there is none: no --config, no MILLRACE_CONFIG, no millrace.yaml in this folder",
                    "go to the folder of millrace.yaml, name it by --config, or begin one: see docs/configuration.md");
        }
        configuration = Optional.of(read);
        String variables = loader.overridden().isEmpty() ? "" : ", and " + String.join(", ", loader.overridden());
        return Finding.ok(file.map(Path::toString).orElse("no file: the defaults") + variables);
    }
}
