package dev.millrace.bench.kills;

import dev.millrace.compactor.CompactResult;
import dev.millrace.ingester.IngestResult;
import java.time.Clock;
import java.time.Duration;

/** What a process does. */
enum Role {
    /** Stages a few files. */
    PRODUCE {
        @Override
        RoleEnd run(Site site, String name, Duration lease, Clock clock) {
            site.datasetMode().stage(site, name);
            return RoleEnd.DONE;
        }
    },
    /** Ingests what is staged. */
    INGEST {
        @Override
        RoleEnd run(Site site, String name, Duration lease, Clock clock) {
            try (Pipeline pipeline = Pipeline.open(site, clock)) {
                return pipeline.ingest(lease) instanceof IngestResult.Done ? RoleEnd.DONE : RoleEnd.HELD_BY_ANOTHER;
            }
        }
    },
    /** Merges, expires, cleans, sweeps and removes orphans. */
    COMPACT {
        @Override
        RoleEnd run(Site site, String name, Duration lease, Clock clock) {
            try (Pipeline pipeline = Pipeline.open(site, clock)) {
                return pipeline.compact() instanceof CompactResult.Done ? RoleEnd.DONE : RoleEnd.HELD_BY_ANOTHER;
            }
        }
    };

    /**
     * Does it.
     *
     * @param name of the producer
     * @param lease of the ingester
     */
    abstract RoleEnd run(Site site, String name, Duration lease, Clock clock);

    /** Sees to it that there is something for the role to do. */
    void prepare(Pipeline sound, String name) {
        if (this != PRODUCE) {
            sound.site().datasetMode().stage(sound.site(), name + "-staged");
        }
        if (this == COMPACT) {
            sound.ingest(Pipeline.LEASE);
        }
    }
}
