package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import dev.millrace.lake.LakeColumn;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The staged files of one dataset that enter the lake in one transaction. */
public record Batch(Way way, List<Loadable> files) {
    /** How the rows become lake files. */
    public enum Way {
        /** The engine reads them all and writes them anew, merged and sorted. */
        REWRITE,
        /** The one file is large and as the lake wants it: the store copies it. */
        COPY
    }

    public Batch {
        files = List.copyOf(files);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("a batch has at least one file");
        }
        if (way == Way.COPY && files.size() != 1) {
            throw new IllegalArgumentException("one file at a time is copied, not " + files.size());
        }
    }

    public long rows() {
        return files.stream().mapToLong(f -> f.footer().rows()).sum();
    }

    long stagedBytes() {
        return files.stream().mapToLong(f -> f.file().sizeBytes()).sum();
    }

    Instant oldest() {
        return files.stream()
                .map(f -> f.file().modifiedAt())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** How many changes of the dataset's columns have to come before. */
    int changes() {
        return NeededChanges.of(files).size();
    }

    /** The columns that any of the files has. */
    List<LakeColumn> columns() {
        return distinct(files.stream().flatMap(f -> f.columns().stream()).toList());
    }

    private static List<LakeColumn> distinct(List<LakeColumn> columns) {
        Map<String, LakeColumn> byName = new LinkedHashMap<>();
        columns.forEach(column -> byName.putIfAbsent(column.name(), column));
        return List.copyOf(byName.values());
    }
}
