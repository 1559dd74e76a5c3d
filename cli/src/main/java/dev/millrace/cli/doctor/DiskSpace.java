package dev.millrace.cli.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How much room the local directories have. */
final class DiskSpace implements Check {
    private final Collection<Path> places;

    /** @param places directories that need not exist: what counts is where they would be */
    DiskSpace(Collection<Path> places) {
        this.places = List.copyOf(places);
    }

    @Override
    public Finding look() throws IOException {
        Map<FileStore, List<Path>> byStore = new LinkedHashMap<>();
        for (Path place : places) {
            byStore.computeIfAbsent(Files.getFileStore(existing(place)), store -> new ArrayList<>())
                    .add(place);
        }
        List<DiskVerdict.Disk> disks = new ArrayList<>();
        for (Map.Entry<FileStore, List<Path>> entry : byStore.entrySet()) {
            FileStore store = entry.getKey();
            disks.add(new DiskVerdict.Disk(
                    store.name(),
                    entry.getValue(),
                    store.getUsableSpace(),
                    store.getTotalSpace() - store.getUnallocatedSpace()));
        }
        return DiskVerdict.of(disks);
    }

    static Path existing(Path place) {
        Path path = place;
        while (!Files.exists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }
}
