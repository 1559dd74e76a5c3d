package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoredObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a staged file which a listing shows twice is loaded once, in whichever windows the two would come. */
@Tag("stand")
class RepeatedPagesTest {
    private static final IngestSettings ONE_FILE_A_WINDOW =
            new IngestSettings(new BatchLimits(1_000_000, 1, 16), 256_000_000, Duration.ZERO);

    @TempDir
    private Path folder;

    @Test
    void aListingThatRepeatsItsPagesDoublesNothing() {
        Pipeline pipeline = Pipeline.initialized(folder);
        pipeline.stage("p1", 1, 0, 10);
        pipeline.stage("p2", 2, 10, 10);
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            IngestEnvironment plain = pipeline.environment(session, Clock.systemUTC());
            IngestEnvironment repeating =
                    new IngestEnvironment(session, repeatingPages(plain.staging()), plain.lakeData(), plain.terms());
            Ingester ingester = new Ingester(repeating, ONE_FILE_A_WINDOW, IngestListener.NONE);

            ingester.ingest(Pipeline.trips());
        }
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(20);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.millrace.ledger"))
                .isEqualTo(2);
    }

    private static ObjectStore repeatingPages(ObjectStore store) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("list")) {
                        @SuppressWarnings("unchecked")
                        Consumer<List<StoredObject>> page = (Consumer<List<StoredObject>>) arguments[1];
                        store.list((String) arguments[0], page.andThen(page));
                        return null;
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
