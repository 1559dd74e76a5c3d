package dev.millrace.bench.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** An object store in memory. */
final class ModelStore {
    private final NavigableMap<String, StoredContent> objects = new TreeMap<>();

    /** A page of a listing: what stands behind {@code after} when it is asked for; {@code next} is absent on the last one. */
    record Page(List<StoredContent> objects, Optional<String> next) {}

    /** Says whether it was stored now; fails when the key has other content. */
    boolean putIfAbsent(String key, Content content, long now) {
        StoredContent there = objects.get(key);
        if (there == null) {
            objects.put(key, new StoredContent(key, content, now));
            return true;
        }
        if (!there.content().equals(content)) {
            throw new Failure(Failure.Kind.KEY_TAKEN, key + " is taken by other content");
        }
        return false;
    }

    /** Writes over what is there, as a directory lets anybody do. */
    void write(String key, Content content, long now) {
        objects.put(key, new StoredContent(key, content, now));
    }

    Page list(String after, int size) {
        List<StoredContent> page = new ArrayList<>();
        for (StoredContent object : objects.tailMap(after, false).values()) {
            if (page.size() == size) {
                return new Page(page, Optional.of(page.get(size - 1).key()));
            }
            page.add(object);
        }
        return new Page(page, Optional.empty());
    }

    Optional<StoredContent> find(String key) {
        return Optional.ofNullable(objects.get(key));
    }

    boolean contains(String key) {
        return objects.containsKey(key);
    }

    void delete(String key) {
        objects.remove(key);
    }

    List<String> below(String prefix) {
        return objects.tailMap(prefix, true).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .toList();
    }

    Collection<StoredContent> all() {
        return objects.values();
    }
}
