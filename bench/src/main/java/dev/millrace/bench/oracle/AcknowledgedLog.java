package dev.millrace.bench.oracle;

import dev.millrace.schemas.StagingKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What one producer was told is staged: a line {@code producer first last key} for each staged file.
 *
 * <p>A line is with the operating system when {@link #acknowledge} returns, so it outlives a SIGKILL, not a loss of power. Not
 * thread-safe: one log for each producer. A row belongs into one line only: who goes on after a kill goes on above the
 * numbers that were in flight, since those may be staged or not.
 */
public final class AcknowledgedLog implements AutoCloseable {
    private static final String SUFFIX = ".acknowledged";
    private static final int WORDS = 4;

    private final Path file;
    private final FileChannel channel;

    /** The rows of one staged file, {@code first} and {@code last} included. */
    public record Rows(String producer, long first, long last, String stagedKey) {
        public Rows {
            if (first > last) {
                throw new IllegalArgumentException(
                        "staged file " + stagedKey + ": rows from " + first + " to " + last + " are none");
            }
        }
    }

    private AcknowledgedLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens a new log in a folder, which is made where it is missing. */
    public static AcknowledgedLog open(Path folder, String producer) {
        Path file = folder.resolve(producer + "-" + UUID.randomUUID() + SUFFIX);
        try {
            Files.createDirectories(folder);
            return new AcknowledgedLog(
                    file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new UncheckedIOException("the log " + file + " cannot be made", e);
        }
    }

    /** Notes what {@code StagingWriter} has named as staged. */
    public void acknowledge(StagingKey key, long first, long last) {
        Rows rows = new Rows(key.producer().value(), first, last, key.toString());
        String line = rows.producer() + " " + first + " " + last + " " + rows.stagedKey() + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the log " + file + " cannot be written", e);
        }
    }

    /** Reads all logs of a folder; a last line without its end, of a producer that was killed, does not count. */
    static void readAll(Path folder, Consumer<Rows> reader) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
                read(file, reader);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the logs in " + folder + " cannot be read", e);
        }
    }

    private static void read(Path file, Consumer<Rows> reader) throws IOException {
        String text = Files.readString(file);
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            if (words.length != WORDS) {
                throw new IllegalStateException(
                        "the log " + file + " has the line '" + line + "', which is not 'producer first last key'");
            }
            reader.accept(new Rows(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]));
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the log " + file + " did not close", e);
        }
    }
}
