package dev.millrace.cli;

import dev.millrace.cli.text.Quantity;
import dev.millrace.compactor.CompactPlan;
import dev.millrace.compactor.DatasetState;
import dev.millrace.compactor.PartitionState;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;

/** What a compaction would find and do, as {@code --dry-run} prints it. */
record CompactPlanResult(
        List<Dataset> datasets,
        long expirableSnapshots,
        long deletableFiles,
        long sweepableFiles,
        OrphanReport orphans) {
    /** As many partitions are shown to people; programs get all. */
    private static final int SHOWN_PARTITIONS = 10;

    /**
     * One dataset.
     *
     * @param merges that would be made now, {@code left*} for what the budget leaves for the next compaction
     */
    record Dataset(
            String dataset,
            long rows,
            long inlinedRows,
            long files,
            long bytes,
            long smallFiles,
            long filesWithDeletes,
            double deletedShare,
            long merges,
            long inputFiles,
            long inputBytes,
            long estimatedSeconds,
            long leftMerges,
            long leftFiles,
            long leftBytes,
            List<Partition> partitions) {
        static Dataset of(DatasetState state) {
            PartitionState total = state.total();
            CompactPlan plan = state.plan();
            return new Dataset(
                    state.dataset().toString(),
                    total.rows(),
                    state.inlinedRows(),
                    total.files(),
                    total.bytes(),
                    total.smallFiles(),
                    total.filesWithDeletes(),
                    total.deletedShare(),
                    plan.merges().size(),
                    plan.load().files(),
                    plan.load().bytes(),
                    Math.max(plan.merges().isEmpty() ? 0 : 1, plan.estimate().toSeconds()),
                    plan.left().size(),
                    plan.leftLoad().files(),
                    plan.leftLoad().bytes(),
                    state.partitions().stream().map(Partition::of).toList());
        }

        void print(PrintStream out) {
            out.println(dataset + ": " + Quantity.of(files, "file") + " (" + Quantity.bytes(bytes) + ") in "
                    + Quantity.of(partitions.size(), "partition") + ", " + Quantity.count(smallFiles) + " small, "
                    + Quantity.count(filesWithDeletes) + " with deletes" + inlined());
            if (merges == 0) {
                out.println("  nothing worth a merge");
                return;
            }
            out.println("  would merge " + Quantity.of(inputFiles, "file") + " (" + Quantity.bytes(inputBytes)
                    + ") into " + Quantity.count(merges) + ", in about " + Quantity.count(estimatedSeconds) + " s"
                    + (leftMerges == 0
                            ? ""
                            : "; would leave " + Quantity.of(leftFiles, "file") + " (" + Quantity.bytes(leftBytes)
                                    + ") for next time"));
            if (partitions.size() > 1) {
                partitions.stream()
                        .filter(partition -> partition.smallFiles() > 1 || partition.filesWithDeletes() > 0)
                        .sorted(Comparator.comparingLong(Partition::smallFiles).reversed())
                        .limit(SHOWN_PARTITIONS)
                        .forEach(partition -> partition.print(out));
            }
        }

        private String inlined() {
            return inlinedRows == 0 ? "" : ", " + Quantity.of(inlinedRows, "row") + " inlined in the catalog";
        }
    }

    /** One partition of it. */
    record Partition(
            String partition, long files, long bytes, long smallFiles, long filesWithDeletes, double deletedShare) {
        static Partition of(PartitionState state) {
            return new Partition(
                    state.partition(),
                    state.files(),
                    state.bytes(),
                    state.smallFiles(),
                    state.filesWithDeletes(),
                    state.deletedShare());
        }

        void print(PrintStream out) {
            out.println("  " + partition + ": " + Quantity.of(files, "file") + " (" + Quantity.bytes(bytes) + "), "
                    + Quantity.count(smallFiles) + " small, " + Quantity.count(filesWithDeletes) + " with deletes");
        }
    }

    void print(PrintStream out) {
        datasets.forEach(dataset -> dataset.print(out));
        out.println(Quantity.count(expirableSnapshots) + " snapshots would expire, " + Quantity.count(deletableFiles)
                + " unneeded files and " + Quantity.count(sweepableFiles)
                + " loaded staged files would be deleted; nothing was changed");
    }
}
