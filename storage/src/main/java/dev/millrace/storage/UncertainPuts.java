package dev.millrace.storage;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What this process has sent without learning whether it arrived: found there later, it is its own. Keys of staged files are
 * made for one upload, so this spares a producer the right to read. Thread-safe; the oldest is forgotten beyond some thousands.
 */
final class UncertainPuts {
    private static final int MAX = 10_000;

    private final Map<String, S3Content> contents = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, S3Content> eldest) {
            return size() > MAX;
        }
    };

    synchronized void add(String key, S3Content content) {
        contents.put(key, content);
    }

    synchronized boolean contains(String key, S3Content content) {
        return content.equals(contents.get(key));
    }

    synchronized void remove(String key) {
        contents.remove(key);
    }
}
