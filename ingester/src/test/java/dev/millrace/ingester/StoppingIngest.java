package dev.millrace.ingester;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.DatasetName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** An ingest in a process of its own that says when it has come to a place and waits there to be killed. */
final class StoppingIngest {
    /** Where it stops. */
    enum Place {
        WRITTEN,
        COMMITTED,
        NOWHERE
    }

    private StoppingIngest() {}

    public static void main(String[] arguments) {
        Pipeline pipeline = new Pipeline(Path.of(arguments[0]));
        Place place = Place.valueOf(arguments[1]);
        IngestListener listener = new IngestListener() {
            @Override
            public void written(DatasetName dataset, String batchId, int stagedFiles, int lakeFiles, long rows) {
                stopAt(Place.WRITTEN, place);
            }

            @Override
            public void committed(DatasetName dataset, String batchId, long rows, Duration transaction) {
                stopAt(Place.COMMITTED, place);
            }
        };
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            IngestResult result = pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), listener)
                    .ingest(Pipeline.trips());
            System.out.println(result.getClass().getSimpleName());
        }
    }

    private static void stopAt(Place here, Place place) {
        if (here == place) {
            System.out.println("AT " + here);
            System.out.flush();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
