package dev.millrace.compactor;

import java.util.List;
import java.util.stream.Stream;

/**
 * The Parquet files in datasets' folders that the catalog does not name.
 *
 * @param due those that may go
 * @param young those that wait for their age
 * @param inFlight those that a run which holds a lease may still bring into the lake
 * @param examples keys of some that are due
 */
public record Orphans(FileCount due, FileCount young, FileCount inFlight, List<String> examples) {
    static final Orphans NONE = new Orphans(FileCount.NONE, FileCount.NONE, FileCount.NONE, List.of());

    private static final int EXAMPLES = 3;

    public Orphans {
        examples = List.copyOf(examples);
    }

    Orphans plus(UnknownFile file, OrphanPlanner.Standing standing) {
        return switch (standing) {
            case DUE ->
                new Orphans(
                        due.plus(file.bytes()),
                        young,
                        inFlight,
                        due.files() < EXAMPLES
                                ? Stream.concat(examples.stream(), Stream.of(file.key()))
                                        .toList()
                                : examples);
            case YOUNG -> new Orphans(due, young.plus(file.bytes()), inFlight, examples);
            case IN_FLIGHT -> new Orphans(due, young, inFlight.plus(file.bytes()), examples);
        };
    }
}
