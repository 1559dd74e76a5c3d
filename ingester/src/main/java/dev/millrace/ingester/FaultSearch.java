package dev.millrace.ingester;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.lake.StatementException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds the files at which reading many of them together fails, in a handful of reads: the one that the error names, else by
 * halving. What is not the fault of a file is thrown on.
 *
 * <p>Where the engine itself fails (a mistake of its own, too little memory) a file is to blame only when a fresh engine fails with
 * it alone.
 *
 * @param <T> what stands for a file
 */
final class FaultSearch<T> {
    /** A file and what was said of it when it was read alone. */
    record Fault<T>(T file, StatementException error) {
        /** Why it is refused; {@code reason} where the engine has refused it and was none the worse for it. */
        Quarantine verdict(QuarantineReason reason) {
            return new Quarantine(reasonOf(error, reason), error.firstLine());
        }
    }

    /** So many bad ones are looked for together with all others. */
    private static final int MANY = 8;

    /** And beyond that together with so many. */
    private static final int SHARE = 256;

    private final LakeSession session;
    private final Consumer<List<T>> read;
    private final Function<T, String> address;
    private final List<Fault<T>> found = new ArrayList<>();

    /**
     * @param read reads files, and fails where one of them is bad
     * @param address by which an error names a file
     */
    FaultSearch(LakeSession session, Consumer<List<T>> read, Function<T, String> address) {
        this.session = session;
        this.read = read;
        this.address = address;
    }

    /** Reads all files, and finds those that can't be; the others have been read when this returns. */
    List<Fault<T>> search(List<T> files) {
        found.clear();
        searchIn(files);
        return List.copyOf(found);
    }

    static QuarantineReason reasonOf(StatementException error, QuarantineReason otherwise) {
        if (error.tellsOfMemory()) {
            return QuarantineReason.EXCEEDS_MEMORY;
        }
        return error.tellsOfFailedEngine() ? QuarantineReason.CRASHES_ENGINE : otherwise;
    }

    /** Whether something was found. */
    private boolean searchIn(List<T> files) {
        List<T> left = files;
        int foundHere = 0;
        while (!left.isEmpty()) {
            Optional<StatementException> error = attempt(left);
            if (error.isEmpty()) {
                return foundHere > 0;
            }
            if (left.size() == 1) {
                return blame(left.get(0), error.orElseThrow()) || foundHere > 0;
            }
            Optional<T> suspect = named(left, error.orElseThrow());
            Optional<StatementException> alone = suspect.flatMap(file -> attempt(List.of(file)));
            if (alone.isEmpty() || !blame(suspect.orElseThrow(), alone.orElseThrow())) {
                return searchHalves(left) || foundHere > 0;
            }
            T guilty = suspect.orElseThrow();
            left = left.stream().filter(file -> file != guilty).toList();
            foundHere++;
            if (foundHere == MANY && left.size() > SHARE) {
                searchInShares(left);
                return true;
            }
        }
        return true;
    }

    /** Where many are bad, each costs a look at what it is together with. */
    private void searchInShares(List<T> files) {
        for (int from = 0; from < files.size(); from += SHARE) {
            searchIn(files.subList(from, Math.min(from + SHARE, files.size())));
        }
    }

    /** Where one half is fine, the fault is in the other, which need not be read as a whole. */
    private boolean searchHalves(List<T> files) {
        List<T> first = files.subList(0, files.size() / 2);
        List<T> second = files.subList(files.size() / 2, files.size());
        if (searchIn(first)) {
            searchIn(second);
            return true;
        }
        return second.size() == 1 ? searchIn(second) : searchHalves(second);
    }

    private Optional<StatementException> attempt(List<T> files) {
        try {
            read.accept(files);
            return Optional.empty();
        } catch (StatementException e) {
            e.requirePerhapsAboutData();
            return Optional.of(e);
        }
    }

    private boolean blame(T file, StatementException error) {
        Optional<StatementException> last = Optional.of(error);
        if (error.tellsOfMemory() || error.tellsOfFailedEngine()) {
            session.reconnect();
            last = attempt(List.of(file));
        }
        last.ifPresent(e -> found.add(new Fault<>(file, e)));
        return last.isPresent();
    }

    private Optional<T> named(List<T> files, StatementException error) {
        String said = error.firstLine();
        List<T> named = files.stream()
                .filter(file -> said.contains(address.apply(file)))
                .limit(2)
                .toList();
        return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
    }
}
