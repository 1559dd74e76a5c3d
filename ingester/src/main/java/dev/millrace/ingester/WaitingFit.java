package dev.millrace.ingester;

import dev.millrace.lake.ColumnChange;
import dev.millrace.lake.QuarantineReason;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How waiting files fit a contract.
 *
 * @param files how many wait
 * @param changes of the dataset that they bring beyond the contract and the lake, and may
 * @param misfits those whose columns do not fit, one entry for each way not to
 */
public record WaitingFit(long files, List<ColumnChange> changes, List<Misfit> misfits) {
    /**
     * Files that do not fit for one reason.
     *
     * @param example the key of one of them
     * @param writers the segments behind the dataset in their keys: the producers, where a staging writer made them
     */
    public record Misfit(String message, long files, String example, Set<String> writers) {
        private Misfit plus(Misfit more) {
            Set<String> all = new TreeSet<>(writers);
            all.addAll(more.writers);
            return new Misfit(message, files + more.files, example, all);
        }
    }

    static WaitingFit of(long files) {
        return new WaitingFit(files, List.of(), List.of());
    }

    WaitingFit plus(Collection<Inspection> inspections) {
        Set<ColumnChange> all = new LinkedHashSet<>(changes);
        Map<String, Misfit> byMessage =
                misfits.stream().collect(Collectors.toMap(Misfit::message, m -> m, Misfit::plus, LinkedHashMap::new));
        for (Inspection inspection : inspections) {
            if (inspection instanceof Inspection.Loadable loadable) {
                all.addAll(loadable.changes());
            } else if (inspection instanceof Inspection.Refused refused
                    && refused.quarantine().reason() == QuarantineReason.SCHEMA_MISMATCH) {
                byMessage.merge(refused.quarantine().message(), misfit(refused), Misfit::plus);
            }
        }
        return new WaitingFit(files, List.copyOf(all), List.copyOf(byMessage.values()));
    }

    private static Misfit misfit(Inspection.Refused refused) {
        String key = refused.file().key();
        String[] segments = key.split("/", -1);
        return new Misfit(refused.quarantine().message(), 1, key, segments.length > 2 ? Set.of(segments[1]) : Set.of());
    }
}
