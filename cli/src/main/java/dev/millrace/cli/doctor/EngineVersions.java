package dev.millrace.cli.doctor;

import dev.millrace.lake.engine.EngineCache;
import dev.millrace.lake.engine.InstalledEngine;
import java.util.List;

/** Whether the engine starts, and its extensions are there and load. */
final class EngineVersions implements Check {
    private final List<String> extensions;

    EngineVersions(List<String> extensions) {
        this.extensions = List.copyOf(extensions);
    }

    @Override
    public Finding look() {
        return EngineVerdict.of(InstalledEngine.look(EngineCache.standard(), extensions));
    }
}
