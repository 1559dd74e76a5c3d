package dev.millrace.cli;

import dev.millrace.schemas.ContractFolder;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.InvalidContractException;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders of the staging area that no contract is about. Pure.
 *
 * @param datasets those that are called as a dataset may be
 * @param others the others, whose files nothing ever loads
 */
record FoldersWithoutContract(List<DatasetName> datasets, List<String> others) {
    FoldersWithoutContract {
        datasets = List.copyOf(datasets);
        others = List.copyOf(others);
    }

    static FoldersWithoutContract of(List<String> folders, ContractFolder contracts) {
        List<DatasetName> datasets = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String folder : folders) {
            if (folder.startsWith("_")) {
                continue;
            }
            try {
                DatasetName dataset = DatasetName.parse(folder);
                if (!dataset.toString().equals(folder)) {
                    others.add(folder);
                } else if (!contracts.contracts().containsKey(dataset)) {
                    datasets.add(dataset);
                }
            } catch (InvalidContractException e) {
                others.add(folder);
            }
        }
        return new FoldersWithoutContract(datasets, others);
    }

    /** A sentence for each, with what to do. */
    List<String> notices() {
        List<String> notices = new ArrayList<>();
        datasets.forEach(dataset -> notices.add("the staging area has a folder '" + dataset
                + "' without a contract, its files wait: write one ('millrace contract infer' makes it of files) and"
                + " run 'millrace init', or set ingest.infer-contracts to true"));
        others.forEach(folder -> notices.add("the staging area has a folder " + shown(folder)
                + " that cannot be a dataset's, its files wait: a dataset's name has lower-case"
                + " letters, digits and '_'"));
        return notices;
    }

    /** Whoever made it may have called it anything. */
    private static String shown(String folder) {
        return "'"
                + folder.codePoints()
                        .map(c -> c >= ' ' && c < 127 ? c : '?')
                        .limit(100)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                + "'";
    }
}
