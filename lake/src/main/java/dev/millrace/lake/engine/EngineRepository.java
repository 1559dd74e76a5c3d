package dev.millrace.lake.engine;

import dev.millrace.lake.sql.SqlText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** DuckDB's own extension repository, by its {@code INSTALL}. */
final class EngineRepository implements ExtensionSource {
    private final EngineCache cache;
    private final Duration deadline;
    private final String address;

    EngineRepository(EngineCache cache, Duration deadline) {
        this(cache, deadline, "");
    }

    /** @param address of another repository than the engine's own, which is the empty text */
    EngineRepository(EngineCache cache, Duration deadline, String address) {
        this.cache = cache;
        this.deadline = deadline;
        this.address = address;
    }

    @Override
    public String description() {
        return "DuckDB's extension repository";
    }

    @Override
    public void fetch(String name, String engineVersion, Path target) {
        CompletableFuture<Void> installed = new CompletableFuture<>();
        Thread thread = new Thread(() -> install(name, installed), "install-" + name);
        thread.setDaemon(true);
        thread.start();
        try {
            installed.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new EngineException("no answer within " + deadline.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new EngineException(firstLine(e.getCause().getMessage()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("interrupted", e);
        }
        if (!Files.exists(target)) {
            throw new EngineException("it was installed, but not at " + target);
        }
    }

    private void install(String name, CompletableFuture<Void> installed) {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET extension_directory = "
                    + SqlText.literal(cache.extensionFolder().toString()));
            statement.execute("SET custom_extension_repository = " + SqlText.literal(address));
            statement.execute("INSTALL " + SqlText.identifier(name));
            installed.complete(null);
        } catch (SQLException e) {
            installed.completeExceptionally(e);
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse(message);
    }
}
