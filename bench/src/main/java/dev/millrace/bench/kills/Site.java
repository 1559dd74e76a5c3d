package dev.millrace.bench.kills;

import dev.millrace.infra.LocalServers;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** One staging area and one lake, with the dataset of the oracle. Safe for many threads; a session is for one. */
interface Site extends AutoCloseable {
    /** A site that another process has made, from that one's {@link #arguments()}. */
    static Site of(List<String> arguments, Clock clock) {
        DatasetMode datasetMode = DatasetMode.valueOf(arguments.get(1));
        Path folder = Path.of(arguments.get(2));
        return switch (Mode.valueOf(arguments.get(0))) {
            case EMBEDDED -> EmbeddedSite.in(folder, datasetMode);
            case SERVED -> new ServedSite(datasetMode, folder, arguments.get(3), LocalServers.shared(), clock);
        };
    }

    /** What makes {@link #of} find this site in a process that has the {@link #jvmArguments()}. */
    List<String> arguments();

    /** For the command line of a JVM that uses this site. */
    List<String> jvmArguments();

    /** Which rows it is about. */
    DatasetMode datasetMode();

    /** The local folder of what belongs to this site: logs of producers, traces of processes. */
    Path folder();

    /** Where producers note what they were told is staged. */
    default Path logs() {
        return folder().resolve("logs");
    }

    ObjectStore staging();

    ObjectStore lakeData();

    Catalog catalog();

    /** The options of a session, with what this kind of site needs. */
    SessionOptions options(SessionOptions.Access access);

    /** Opens a session that may read the staging area. */
    default LakeSession session(SessionOptions.Access access) {
        return LakeSession.open(
                new LakeAddress(catalog(), lakeData().root()),
                options(access).withReadablePlaces(List.of(staging().root() + "/")));
    }

    /** Makes the lake and the dataset, and returns a session that may write. */
    default LakeSession create() {
        LakeSession session = session(SessionOptions.Access.CREATE);
        PipelineTables.install(session);
        new DatasetContract(session, datasetMode().contract()).apply();
        // Options are read when the lake is attached.
        session.reconnect();
        return session;
    }

    @Override
    void close();
}
