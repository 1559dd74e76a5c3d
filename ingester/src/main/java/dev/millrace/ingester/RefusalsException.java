package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Refused;
import dev.millrace.lake.LakeException;
import dev.millrace.schemas.DatasetName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * So many files of a dataset would be refused, and none loaded, that the fault is hardly theirs: the ingest stops, and they wait. Nothing of
 * them is in quarantine.
 */
public final class RefusalsException extends LakeException {
    private static final long serialVersionUID = 1L;

    RefusalsException(DatasetName dataset, List<Refused> refused) {
        super(message(dataset, refused));
    }

    private static String message(DatasetName dataset, List<Refused> refused) {
        Map<String, Long> reasons = refused.stream()
                .collect(Collectors.groupingBy(
                        file -> file.quarantine().reason().code(), TreeMap::new, Collectors.counting()));
        Refused first = refused.get(0);
        return "dataset '" + dataset + "': " + refused.size() + " files would be quarantined and none was loaded ("
                + reasons.entrySet().stream()
                        .map(reason -> reason.getKey() + ": " + reason.getValue())
                        .collect(Collectors.joining(", "))
                + "). So many may be the fault of the engine, the machine or the store, so none of them was: they wait."
                + " The first is " + first.file().key() + " ("
                + first.quarantine().reason().code() + "): "
                + first.quarantine().message()
                + ". When the files really are bad, run an ingest once with the variable MILLRACE_INGEST_MAX_REFUSED set to more"
                + " than there are";
    }
}
