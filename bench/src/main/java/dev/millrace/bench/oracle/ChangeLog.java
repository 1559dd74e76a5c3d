package dev.millrace.bench.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one analyst has changed in the lake by SQL: a line {@code change producer sequence,sequence,...} for each committed
 * statement. Not thread-safe: one log for each analyst.
 */
public final class ChangeLog {
    private static final String SUFFIX = ".changed";
    private static final int WORDS = 3;

    private final Path file;

    /** What was done to rows. */
    public enum Change {
        /** They are gone, and stay so. */
        DELETED,
        /** Their note is {@link ChangeLog#UPDATED_NOTE} of what it was made with. */
        UPDATED
    }

    /** The note of an updated row, as SQL makes it from the note that the row was made with; updated again it stays. */
    public static final String UPDATED_NOTE = "'u' || substr(note, 2)";

    /** Rows of one producer that one statement has changed. */
    public record Changed(Change change, String producer, List<Long> sequences) {
        public Changed {
            sequences = List.copyOf(sequences);
            if (sequences.isEmpty()) {
                throw new IllegalArgumentException("a change of no row of producer " + producer);
            }
        }
    }

    private ChangeLog(Path file) {
        this.file = file;
    }

    /** Opens a new log in a folder, which is made where it is missing. */
    public static ChangeLog open(Path folder, String analyst) {
        try {
            return new ChangeLog(
                    Files.createFile(Files.createDirectories(folder).resolve(analyst + SUFFIX)));
        } catch (IOException e) {
            throw new UncheckedIOException("the log of analyst " + analyst + " cannot be made in " + folder, e);
        }
    }

    /** Notes what was committed. */
    public void committed(Changed changed) {
        String sequences = changed.sequences().stream()
                .map(sequence -> Long.toString(sequence))
                .collect(Collectors.joining(","));
        String line = changed.change() + " " + changed.producer() + " " + sequences + "\n";
        try {
            Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("the log " + file + " cannot be written", e);
        }
    }

    /** Reads all logs of a folder. */
    static void readAll(Path folder, Consumer<Changed> reader) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
                Files.readAllLines(file).forEach(line -> reader.accept(parse(file, line)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the logs in " + folder + " cannot be read", e);
        }
    }

    private static Changed parse(Path file, String line) {
        String[] words = line.split(" ", -1);
        if (words.length != WORDS) {
            throw new IllegalStateException(
                    "the log " + file + " has the line '" + line + "', which is not 'change producer sequences'");
        }
        return new Changed(
                Change.valueOf(words[0]),
                words[1],
                Arrays.stream(words[2].split(",")).map(Long::valueOf).toList());
    }
}
