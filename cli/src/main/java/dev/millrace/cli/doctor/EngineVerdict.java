package dev.millrace.cli.doctor;

import dev.millrace.lake.engine.InstalledEngine;
import java.util.List;
import java.util.stream.Collectors;

/** Judges the versions of the engine, its driver and its extensions: they have to be the same. */
final class EngineVerdict {
    private EngineVerdict() {}

    static Finding of(InstalledEngine engine) {
        List<Item> items = engine.extensions().stream()
                .filter(extension -> extension.version().isEmpty())
                .map(EngineVerdict::item)
                .toList();
        String versions = "DuckDB " + engine.engineVersion() + ", driver " + engine.driverVersion() + ", "
                + engine.platform() + "; "
                + engine.extensions().stream()
                        .map(e -> e.name() + " " + e.version().orElse(e.isMissing() ? "missing" : "refused"))
                        .collect(Collectors.joining(", "));
        return finding(engine, versions).withItems(items);
    }

    private static Finding finding(InstalledEngine engine, String versions) {
        String expected = engine.engineVersion().replaceFirst("^v", "");
        if (!engine.driverVersion().equals(expected) && !engine.driverVersion().startsWith(expected + ".")) {
            return Finding.failed(
                    versions,
                    "driver and engine have to be of one version: delete the cache folder's duckdb/ and build anew");
        }
        if (engine.extensions().stream().anyMatch(InstalledEngine.Extension::isMissing)) {
            return Finding.failed(
                    versions,
                    "run 'millrace init', which fetches what is missing; without network see 'A site without network'"
                            + " in docs/operations.md");
        }
        return engine.extensions().stream()
                .filter(e -> e.refusal().isPresent())
                .findFirst()
                .map(e -> Finding.failed(
                        versions,
                        "delete " + e.file() + " and run 'millrace init', which fetches it anew; the engine says: "
                                + e.refusal().orElseThrow()))
                .orElseGet(() -> Finding.ok(versions));
    }

    private static Item item(InstalledEngine.Extension extension) {
        return new Item(
                extension.name(), Status.FAILED, extension.refusal().orElseGet(() -> "is not at " + extension.file()));
    }
}
