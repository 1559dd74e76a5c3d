package dev.millrace.schemas;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The keys that a file may have; finds the one that a mistyped key was meant to be. */
public final class KnownKeys {
    private final Collection<String> keys;

    public KnownKeys(Collection<String> keys) {
        this.keys = keys.stream().sorted().toList();
    }

    public boolean contains(String key) {
        return keys.contains(key);
    }

    /** The sentence for an unknown key: which one, where, and the nearest that is allowed. */
    public String refusal(String where, String key) {
        String nearest = keys.stream()
                .min(Comparator.comparingInt(
                        k -> LevenshteinDistance.getDefaultInstance().apply(key, k)))
                .orElseThrow();
        return where + ": unknown key '" + key + "', did you mean '" + nearest + "'? Allowed are "
                + String.join(", ", keys);
    }
}
