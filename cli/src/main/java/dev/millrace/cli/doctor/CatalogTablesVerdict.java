package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import java.util.List;
import java.util.Map;

/** Judges the catalog's tables by what this user may do with them: all of it or, for a reader, nothing but reading. */
final class CatalogTablesVerdict {
    private static final int LARGEST_SHOWN = 3;

    /** A table with its indexes; {@code rows} as the statistics count them. */
    record Table(String name, long bytes, long rows, boolean isReadable, boolean isWritable) {
        Item item(Status status, String also) {
            return new Item(
                    name,
                    status,
                    Quantity.bytes(bytes) + ", about " + Quantity.of(rows, "row") + also,
                    Map.of("bytes", bytes, "rows", rows));
        }
    }

    private CatalogTablesVerdict() {}

    /** @param tables largest first */
    static Finding of(List<Table> tables) {
        if (tables.isEmpty()) {
            return Finding.failed(
                    "no DuckLake in this database, or none that this user may see",
                    "run 'millrace init', or give the user its rights: infra/roles has them");
        }
        boolean isWriter = tables.stream().anyMatch(Table::isWritable);
        List<Table> closed = tables.stream()
                .filter(table -> isWriter ? !table.isWritable() : !table.isReadable())
                .toList();
        String size = Quantity.of(tables.size(), "table") + " of the catalog, "
                + Quantity.bytes(tables.stream().mapToLong(Table::bytes).sum());
        if (closed.isEmpty()) {
            return Finding.ok(size + "; this user may " + (isWriter ? "write them" : "only read them"))
                    .withItems(tables.stream()
                            .limit(LARGEST_SHOWN)
                            .map(table -> table.item(Status.OK, ""))
                            .toList());
        }
        List<Item> items = closed.stream()
                .limit(LARGEST_SHOWN)
                .map(table ->
                        table.item(Status.WARNING, table.isReadable() ? ", not to be written" : ", not to be read"))
                .toList();
        return Finding.warning(
                        size + "; " + Quantity.count(closed.size()) + " of them closed to this user, as others are not",
                        "they belong to another user, perhaps an administrator who has written to the lake: ALTER TABLE … OWNER"
                                + " TO the owner of the others, as infra/roles sets it up")
                .withItems(items);
    }
}
