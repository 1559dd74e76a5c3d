package dev.millrace.lake.engine;

import java.nio.file.Path;

/** A place to have an extension of the engine from. */
interface ExtensionSource {
    /** What a message calls it. */
    String description();

    /**
     * Puts an extension at its place in the cache, whole or not at all.
     *
     * @param name the extension's name, such as {@code ducklake}
     * @param engineVersion such as {@code v1.5.5}
     * @param target where the file must stand afterwards
     * @throws EngineException when it is not to be had there, or not within the deadline
     */
    void fetch(String name, String engineVersion, Path target);
}
