package dev.millrace.lake;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * For a class whose tests move much data or are about memory: the engine has a thread for each core, as users have it, where the build gives it one.
 * In this process, not in its children.
 */
public final class EveryCore implements BeforeAllCallback, AfterAllCallback {
    private String before;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = System.clearProperty(EngineThreads.PROPERTY);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (before != null) {
            System.setProperty(EngineThreads.PROPERTY, before);
        }
    }
}
