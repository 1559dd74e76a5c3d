package dev.millrace.bench.kills;

import dev.millrace.lake.Catalog;
import dev.millrace.lake.SessionOptions;
import dev.millrace.storage.DirectoryStore;
import dev.millrace.storage.ObjectStore;
import java.nio.file.Path;
import java.util.List;

/** Everything in one folder. */
record EmbeddedSite(DatasetMode datasetMode, Path folder, ObjectStore staging, ObjectStore lakeData) implements Site {
    static EmbeddedSite in(Path folder, DatasetMode datasetMode) {
        return new EmbeddedSite(
                datasetMode,
                folder,
                DirectoryStore.create(folder.resolve("staging")),
                DirectoryStore.create(folder.resolve("lake")));
    }

    @Override
    public List<String> arguments() {
        return List.of(Mode.EMBEDDED.name(), datasetMode.name(), folder.toString());
    }

    @Override
    public List<String> jvmArguments() {
        return List.of();
    }

    @Override
    public Catalog catalog() {
        return new Catalog.SqliteCatalog(folder.resolve("lake.sqlite"));
    }

    @Override
    public SessionOptions options(SessionOptions.Access access) {
        return SessionOptions.of(access);
    }

    @Override
    public void close() {
        // A folder needs no end.
    }
}
