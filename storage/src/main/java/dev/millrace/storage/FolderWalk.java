package dev.millrace.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Visits the regular files below a folder, in memory that grows with the depth of the folder only. Never enters folders
 * whose name begins with a dot, follows no symbolic link, and passes over what vanishes meanwhile.
 */
final class FolderWalk extends SimpleFileVisitor<Path> {
    private final Path start;
    private final Predicate<String> nameFits;
    private final BiConsumer<Path, BasicFileAttributes> visitor;

    private FolderWalk(Path start, Predicate<String> nameFits, BiConsumer<Path, BasicFileAttributes> visitor) {
        this.start = start;
        this.nameFits = nameFits;
        this.visitor = visitor;
    }

    static void walk(Path start, Predicate<String> nameFits, BiConsumer<Path, BasicFileAttributes> visitor)
            throws IOException {
        Files.walkFileTree(start, new FolderWalk(start, nameFits, visitor));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        boolean hidden =
                !folder.equals(start) && folder.getFileName().toString().startsWith(".");
        return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        boolean below = !file.equals(start);
        if (below
                && attributes.isRegularFile()
                && nameFits.test(file.getFileName().toString())) {
            visitor.accept(file, attributes);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        return passOverVanished(failure);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
        return failure == null ? FileVisitResult.CONTINUE : passOverVanished(failure);
    }

    private static FileVisitResult passOverVanished(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
