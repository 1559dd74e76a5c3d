package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Judges the free space of file systems. */
final class DiskVerdict {
    private static final double WARN_BELOW = 0.10;
    private static final double FAIL_BELOW = 0.01;

    /**
     * A file system and the places of the configuration on it.
     *
     * @param usableBytes what this user may still write
     * @param usedBytes what is taken, without what is kept back for the administrator
     */
    record Disk(String name, List<Path> places, long usableBytes, long usedBytes) {
        double freeShare() {
            long all = usableBytes + usedBytes;
            return all <= 0 ? 0 : (double) usableBytes / all;
        }
    }

    private DiskVerdict() {}

    static Finding of(List<Disk> disks) {
        Status worst = Status.OK;
        List<Item> items = new ArrayList<>();
        for (Disk disk : disks) {
            Status status = disk.freeShare() < FAIL_BELOW
                    ? Status.FAILED
                    : disk.freeShare() < WARN_BELOW ? Status.WARNING : Status.OK;
            worst = worst.worse(status);
            items.add(new Item(
                    disk.name(),
                    status,
                    Quantity.bytes(disk.usableBytes()) + " free, " + percent(disk.freeShare()) + " ("
                            + disk.places().stream().map(Path::toString).collect(Collectors.joining(", ")) + ")",
                    Map.of("usableBytes", disk.usableBytes(), "usedBytes", disk.usedBytes())));
        }
        double least = disks.stream().mapToDouble(Disk::freeShare).min().orElse(1);
        return Finding.of(
                        worst,
                        disks.isEmpty() ? "no local directories" : "at least " + percent(least) + " free",
                        "make room: see 'Disk full' in docs/operations.md")
                .withItems(items);
    }

    private static String percent(double share) {
        return (int) Math.floor(share * 100) + " %";
    }
}
