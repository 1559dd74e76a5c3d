package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import dev.millrace.schemas.DatasetName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Judges where contracts and tables differ. */
final class ContractVerdict {
    /**
     * The differences.
     *
     * @param contracts how many were looked at
     * @param withoutTable datasets that {@code init} has not made
     * @param missingColumns columns of a contract that its table does not have
     * @param withoutContract datasets that the pipeline has made and that no contract names any more
     */
    record Coverage(
            int contracts,
            Set<DatasetName> withoutTable,
            Map<DatasetName, List<String>> missingColumns,
            Set<DatasetName> withoutContract) {}

    private ContractVerdict() {}

    static Finding of(Coverage coverage) {
        List<Item> items = new ArrayList<>();
        coverage.withoutTable()
                .forEach(dataset -> items.add(new Item(dataset.toString(), Status.WARNING, "has no table yet")));
        coverage.missingColumns()
                .forEach((dataset, columns) -> items.add(
                        new Item(dataset.toString(), Status.WARNING, "the table lacks " + String.join(", ", columns))));
        coverage.withoutContract()
                .forEach(dataset -> items.add(
                        new Item(dataset.toString(), Status.WARNING, "has a table, but no contract any more")));
        if (items.isEmpty()) {
            return Finding.ok(
                    coverage.contracts() == 0
                            ? "no contracts yet"
                            : Quantity.of(coverage.contracts(), "contract") + ", each with its table");
        }
        boolean needsInit =
                !coverage.withoutTable().isEmpty() || !coverage.missingColumns().isEmpty();
        return Finding.warning(
                        Quantity.of(items.size(), "dataset") + " where contract and table differ",
                        needsInit
                                ? "run 'millrace init', which makes tables and adds columns"
                                : "put the contract back: without it nothing of the dataset is ingested or compacted")
                .withItems(items);
    }
}
