package dev.millrace.cli.doctor;

import dev.millrace.ingester.Backlog;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** How many staged files wait, and how long the oldest one has done so. */
final class WaitingFiles implements Check {
    private final Collection<DatasetName> datasets;
    private final Function<DatasetName, Backlog> backlogs;
    private final Duration warnAfter;
    private final Clock clock;

    WaitingFiles(
            Collection<DatasetName> datasets,
            Function<DatasetName, Backlog> backlogs,
            Duration warnAfter,
            Clock clock) {
        this.datasets = List.copyOf(datasets);
        this.backlogs = backlogs;
        this.warnAfter = warnAfter;
        this.clock = clock;
    }

    @Override
    public Finding look() {
        List<BacklogVerdict.Waiting> waiting = new ArrayList<>();
        for (DatasetName dataset : datasets) {
            waiting.add(new BacklogVerdict.Waiting(dataset, backlogs.apply(dataset)));
        }
        return BacklogVerdict.of(waiting, warnAfter, clock.instant());
    }
}
