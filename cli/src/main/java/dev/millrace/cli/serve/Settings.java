package dev.millrace.cli.serve;

import dev.millrace.cli.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The configuration of now, and how it is read anew: when its file has changed, or when somebody asks. One that can't be used
 * leaves the one before in force. Thread-safe.
 */
final class Settings {
    private record State(Configuration configuration, Optional<AccessToken> token, Optional<String> refusal) {}

    private final Supplier<Configuration> load;
    private final Optional<Path> file;
    private final Map<String, String> environment;
    private final Consumer<String> log;
    private volatile State state;
    private byte[] content;

    /**
     * Reads it for the first time.
     *
     * @param load reads it, and throws when it can't be used
     * @param file that it is read from
     * @param log told in a sentence what became of it
     */
    Settings(Supplier<Configuration> load, Optional<Path> file, Map<String, String> environment, Consumer<String> log) {
        this.load = load;
        this.file = file;
        this.environment = environment;
        this.log = log;
        this.content = content();
        Configuration first = load.get();
        this.state = new State(first, token(first), Optional.empty());
    }

    private Optional<AccessToken> token(Configuration configuration) {
        return AccessToken.find(environment, configuration.serve().tokenFile());
    }

    Configuration configuration() {
        return state.configuration();
    }

    Optional<AccessToken> token() {
        return state.token();
    }

    /** Why the newest configuration is not the one in force. */
    Optional<String> refusal() {
        return state.refusal();
    }

    /** Reads it anew where its file has changed since; returns whether another one is in force now. */
    synchronized boolean reloadIfChanged() {
        byte[] now = content();
        if (Arrays.equals(now, content)) {
            return false;
        }
        content = now;
        return reload();
    }

    /** Reads it anew, and the token with it; returns whether another one is in force now. */
    synchronized boolean reload() {
        State former = state;
        try {
            Configuration read = load.get();
            if (!read.serve().listen().equals(former.configuration().serve().listen())) {
                log.accept("serve.listen has changed, which takes effect when millrace serve is started anew");
            }
            Optional<AccessToken> token = token(read);
            if (former.token().isPresent() && token.isEmpty()) {
                throw new IllegalStateException("the token of serve can't be taken away while it runs; start it anew");
            }
            state = new State(read, token, Optional.empty());
            log.accept("the configuration was read anew");
            return !read.equals(former.configuration());
        } catch (RuntimeException e) {
            log.accept("the configuration can't be used, and the one before stays in force: " + e.getMessage());
            state = new State(former.configuration(), former.token(), Optional.ofNullable(e.getMessage()));
            return false;
        }
    }

    private byte[] content() {
        try {
            return file.isPresent() ? Files.readAllBytes(file.get()) : new byte[0];
        } catch (IOException e) {
            // It may be in the middle of being replaced: the next look shows.
            return content == null ? new byte[0] : content;
        }
    }
}
