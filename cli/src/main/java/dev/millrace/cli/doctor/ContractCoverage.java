package dev.millrace.cli.doctor;

import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.Column;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Whether every contract has its table with its columns, and every table that the pipeline has made its contract. */
final class ContractCoverage implements Check {
    private static final String REGISTERED = "SELECT DISTINCT dataset FROM lake.millrace.lease";

    private final Supplier<LakeSession> session;
    private final Collection<Contract> contracts;
    private final Set<DatasetName> known;

    /**
     * @param contracts those that are looked at
     * @param known the datasets of all contracts there are
     */
    ContractCoverage(Supplier<LakeSession> session, Collection<Contract> contracts, Set<DatasetName> known) {
        this.session = session;
        this.contracts = contracts;
        this.known = known;
    }

    @Override
    public Finding look() {
        Map<DatasetName, List<String>> missingColumns = new LinkedHashMap<>();
        Set<DatasetName> withoutTable = new TreeSet<>();
        for (Contract contract : contracts) {
            List<String> inLake = new DatasetTable(session.get(), contract.dataset())
                    .columns().stream().map(LakeColumn::name).toList();
            List<String> missing = contract.columns().stream()
                    .map(Column::name)
                    .filter(name -> !inLake.contains(name))
                    .toList();
            if (inLake.isEmpty()) {
                withoutTable.add(contract.dataset());
            } else if (!missing.isEmpty()) {
                missingColumns.put(contract.dataset(), missing);
            }
        }
        Set<DatasetName> withoutContract =
                new TreeSet<>(session.get().query(REGISTERED, row -> DatasetName.parse(row.getString(1))));
        withoutContract.removeAll(known);
        return ContractVerdict.of(
                new ContractVerdict.Coverage(contracts.size(), withoutTable, missingColumns, withoutContract));
    }
}
