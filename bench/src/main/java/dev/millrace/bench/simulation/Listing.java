package dev.millrace.bench.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** What one actor has seen of the staging area, page by page, as {@code StagingScan} keeps it. Not thread-safe. */
final class Listing {
    private static final Comparator<StoredContent> OLDEST_FIRST =
            Comparator.comparingLong(StoredContent::modifiedAt).thenComparing(StoredContent::key);

    private final World world;
    private final List<StoredContent> listed = new ArrayList<>();

    Listing(World world) {
        this.world = world;
    }

    Step<?> list(Supplier<Step<?>> then) {
        listed.clear();
        return request("", then);
    }

    private Step<?> request(String after, Supplier<Step<?>> then) {
        return Step.of(Operation.LIST, () -> world.staging.list(after, world.settings.pageObjects()), page -> {
            if (page.objects().isEmpty()) {
                return Step.decide(then);
            }
            return Step.of(Operation.LIST_PAGE, () -> {}, () -> {
                listed.addAll(page.objects());
                if (page.next().isPresent()) {
                    return request(page.next().orElseThrow(), then);
                }
                countMissed();
                return then.get();
            });
        });
    }

    private void countMissed() {
        Set<String> keys = new HashSet<>();
        listed.forEach(object -> keys.add(object.key()));
        if (world.staging.all().stream().anyMatch(object -> !keys.contains(object.key()))) {
            world.tally.add(Event.MISSED_BY_LISTING);
        }
    }

    /** As if the store had shown its last page once more. */
    void repeatPage() {
        int size = listed.size();
        listed.addAll(List.copyOf(listed.subList(Math.max(0, size - world.settings.pageObjects()), size)));
    }

    /** As if the objects had come in another order. */
    void reorder() {
        for (int i = listed.size() - 1; i > 0; i--) {
            Collections.swap(listed, i, world.random.nextInt(i + 1));
        }
    }

    /** What is not in a ledger, oldest first. */
    List<StoredContent> waiting(CatalogState state) {
        Set<String> decided = new HashSet<>();
        state.ledger().forEach(row -> decided.add(row.key()));
        List<StoredContent> waiting = new ArrayList<>();
        for (StoredContent object : listed) {
            boolean isNew = world.has(Protection.EACH_LISTED_KEY_ONCE)
                    ? decided.add(object.key())
                    : !decided.contains(object.key());
            if (isNew) {
                waiting.add(object);
            }
        }
        waiting.sort(OLDEST_FIRST);
        return waiting;
    }

    List<StoredContent> all() {
        return List.copyOf(listed);
    }
}
