package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import dev.millrace.schemas.ContractFolder;
import java.nio.file.Path;
import java.util.Optional;

/** Whether the contracts can be read. */
final class ContractFiles implements Check {
    private final Path folder;
    private volatile Optional<ContractFolder> contracts = Optional.empty();

    ContractFiles(Path folder) {
        this.folder = folder;
    }

    /** What was read, for the checks after this one. */
    Optional<ContractFolder> contracts() {
        return contracts;
    }

    @Override
    public Finding look() {
        ContractFolder read = ContractFolder.read(folder);
        contracts = Optional.of(read);
        return Finding.ok(Quantity.of(read.all().size(), "contract") + " in " + folder);
    }
}
