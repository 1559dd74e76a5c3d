package dev.millrace.lake;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.avro.SchemaBuilder;

/** A lake in a folder of a test's own. */
record LakeTestBed(Path folder) {
    static final DatasetName TRIPS = DatasetName.parse("trips");

    LakeAddress address() {
        return LakeStand.address(folder);
    }

    LakeSession open(SessionOptions.Access access) {
        return LakeStand.open(folder, access);
    }

    /** A session with a lake that has the dataset {@link #TRIPS}. */
    LakeSession openWithTrips() {
        LakeSession session = open(SessionOptions.Access.CREATE);
        PipelineTables.install(session);
        new DatasetContract(session, tripsContract()).apply();
        session.reconnect();
        return session;
    }

    static LeasedRun.Terms ingestTerms() {
        return new LeasedRun.Terms(
                Activity.INGEST, Worker.current(), Duration.ofMinutes(5), Clock.systemUTC(), CommitRetry.STANDARD);
    }

    static Contract tripsContract() {
        return new Contract(
                TRIPS,
                SchemaBuilder.record("Trip")
                        .fields()
                        .requiredInt("id")
                        .requiredString("town")
                        .endRecord(),
                List.of("town"),
                List.of("id"),
                WriteMode.APPEND,
                EvolutionPolicy.ADD_COLUMNS);
    }
}
