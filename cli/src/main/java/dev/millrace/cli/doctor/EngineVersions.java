package dev.millrace.cli.doctor;

import dev.millrace.lake.engine.EngineCache;
import dev.millrace.lake.engine.InstalledEngine;
import java.util.List;
import java.util.function.Supplier;

/** Whether the engine starts, and its extensions are there and load. */
final class EngineVersions implements Check {
    private final Supplier<List<String>> extensions;

    EngineVersions(Supplier<List<String>> extensions) {
        this.extensions = extensions;
    }

    @Override
    public Finding look() {
        return EngineVerdict.of(InstalledEngine.look(EngineCache.standard(), extensions.get()));
    }
}
