package dev.millrace.schemas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The contracts of a lake: one YAML file a dataset in one folder. */
public record ContractFolder(Path folder, SortedMap<DatasetName, Contract> contracts) {
    public ContractFolder {
        contracts = new TreeMap<>(contracts);
    }

    /**
     * Reads every {@code *.yaml} and {@code *.yml} of a folder.
     *
     * @throws InvalidContractException when the folder or one of its contracts cannot be read
     */
    public static ContractFolder read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidContractException("the contracts folder " + folder
                    + " does not exist; create it with one contract file a dataset, or set 'contracts' to where it is");
        }
        SortedMap<DatasetName, Contract> contracts = new TreeMap<>();
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files =
                    entries.filter(ContractFolder::isContract).sorted().toList();
            for (Path file : files) {
                Contract contract = ContractFile.read(file);
                if (contracts.put(contract.dataset(), contract) != null) {
                    throw new InvalidContractException(
                            file + ": the dataset '" + contract.dataset() + "' has a second contract in this folder");
                }
            }
        } catch (IOException e) {
            throw new InvalidContractException("the contracts folder " + folder + " cannot be read: " + e, e);
        }
        return new ContractFolder(folder, contracts);
    }

    public Collection<Contract> all() {
        return contracts.values();
    }

    /** The contract of a dataset; the refusal names those that there are. */
    public Contract require(DatasetName dataset) {
        Contract contract = contracts.get(dataset);
        if (contract == null) {
            throw new InvalidContractException(
                    "there is no dataset '" + dataset + "': " + folder + " has contracts for "
                            + (contracts.isEmpty() ? "none" : contracts.keySet()) + "; add " + dataset + ".yaml there");
        }
        return contract;
    }

    private static boolean isContract(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
    }
}
