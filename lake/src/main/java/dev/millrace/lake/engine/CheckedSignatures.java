package dev.millrace.lake.engine;

import dev.millrace.lake.sql.SqlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Has the signature of an extension's file checked by an engine once for as long as the file stays the same: by size, time of its
 * last change and inode. An engine hashes the whole file at each load, which takes longer than all else of a short command.
 *
 * <p>A note beside the file tells what was checked. Whoever can write such a note can also replace the engine's own library in the
 * same cache, which has no signature; so the note gives nothing away. Where it can't be written, the check is repeated each time.
 * Safe for many processes at once.
 */
final class CheckedSignatures {
    private static final String ENDING = ".signature-checked";

    private CheckedSignatures() {}

    /**
     * Returns when the file's signature is good.
     *
     * @param extensionFolder the {@code extension_directory} that the file is in
     * @throws SQLException when the engine refuses the file
     */
    static void require(String name, Path file, Path extensionFolder) throws SQLException {
        String found = identity(file);
        Path note = file.resolveSibling(file.getFileName() + ENDING);
        if (found.equals(read(note))) {
            return;
        }
        check(name, extensionFolder);
        // Who replaces the file meanwhile has it checked again by the next one.
        write(note, found);
    }

    private static void check(String name, Path extensionFolder) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET extension_directory = " + SqlText.literal(extensionFolder.toString()));
            statement.execute("LOAD " + SqlText.identifier(name));
        }
    }

    private static String identity(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            FileTime changed = attributes.lastModifiedTime();
            return attributes.size() + " " + changed.to(TimeUnit.NANOSECONDS) + " " + attributes.fileKey();
        } catch (IOException e) {
            throw new EngineException("the engine's extension " + file + " cannot be looked at (" + e + ")", e);
        }
    }

    private static String read(Path note) {
        try {
            return Files.readString(note, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // There is none yet.
        }
    }

    private static void write(Path note, String identity) {
        Path aside = note.resolveSibling("." + note.getFileName() + "." + UUID.randomUUID());
        try {
            Files.writeString(aside, identity, StandardCharsets.UTF_8);
            Files.move(aside, note, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // A cache that can only be read: the next one checks again.
            deleteQuietly(aside);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It could not be made either.
        }
    }
}
