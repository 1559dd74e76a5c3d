package dev.millrace.bench.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A producer: puts one file a run, and says that its rows are staged when the store has said so. It knows the store and
 * nothing else.
 */
final class Producer extends Actor {
    /** What kind of program it is. */
    enum Kind {
        /** Knows after a crash which ids it had given, and uses them again. */
        REPEATS,
        /** Has forgotten after a crash what it was at. */
        FORGETS,
        /** Writes under the final name, bit by bit: no writer of ours. */
        WRITES_IN_PLACE,
        /** Gives ids that another one has given before, by mistake. */
        TAKES_OTHERS_KEYS
    }

    private static final int MAX_ROWS = 4;
    private static final int LONGEST_WRITE = 20;

    private final Kind kind;
    private Optional<Staging> current = Optional.empty();

    Producer(World world, String name, String host, int runs, Kind kind) {
        super(world, name, host, runs);
        this.kind = kind;
    }

    /** A file on its way. */
    private record Staging(String key, Content content) {}

    @Override
    Step<?> start() {
        if (current.isEmpty()) {
            current = Optional.of(newFile());
            if (!world.has(Protection.ACKNOWLEDGE_AFTER_PUT)) {
                acknowledge();
            }
        }
        return kind == Kind.WRITES_IN_PLACE ? writeInPlace() : put();
    }

    private Staging newFile() {
        List<Integer> rows = new ArrayList<>();
        int count = 1 + world.random.nextInt(MAX_ROWS);
        for (int i = 0; i < count; i++) {
            rows.add(world.newNumber());
        }
        Content content = new Content("day=" + world.random.nextInt(3), rows, true);
        return new Staging(newKey(), content);
    }

    private String newKey() {
        if (kind == Kind.TAKES_OTHERS_KEYS) {
            List<String> keys =
                    world.staging.all().stream().map(StoredContent::key).toList();
            if (!keys.isEmpty()) {
                return keys.get(world.random.nextInt(keys.size()));
            }
        }
        return "trips/" + name + "/" + world.newNumber() + ".parquet";
    }

    private Step<?> put() {
        Staging file = current.orElseThrow();
        return Step.of(Operation.PUT, () -> store(file), isNew -> {
            if (!isNew) {
                world.tally.add(Event.FOUND_STAGED);
            }
            return staged();
        });
    }

    private boolean store(Staging file) {
        if (world.has(Protection.PUT_IF_ABSENT)) {
            return world.staging.putIfAbsent(file.key(), file.content(), world.time());
        }
        world.staging.write(file.key(), file.content(), world.time());
        return true;
    }

    private Step<?> writeInPlace() {
        Staging file = current.orElseThrow();
        Supplier<Step<?>> complete = () -> Step.of(
                Operation.WRITE_IN_PLACE,
                () -> world.staging.write(file.key(), file.content(), world.time()),
                this::staged);
        return Step.of(
                Operation.WRITE_IN_PLACE,
                () -> world.staging.write(file.key(), file.content().begun(), world.time()),
                () -> {
                    sleep(world.random.nextInt(LONGEST_WRITE));
                    return complete.get();
                });
    }

    private Step<?> staged() {
        if (world.has(Protection.ACKNOWLEDGE_AFTER_PUT)) {
            acknowledge();
        }
        current = Optional.empty();
        return Step.END;
    }

    private void acknowledge() {
        Staging file = current.orElseThrow();
        if (kind == Kind.TAKES_OTHERS_KEYS) {
            // Nothing is promised for a key that was loaded before under another content.
            return;
        }
        world.oracle.acknowledge(file.key(), file.content());
    }

    @Override
    Step<?> failed(Failure failure) {
        if (failure.kind() == Failure.Kind.KEY_TAKEN) {
            world.tally.add(Event.KEYS_TAKEN);
            current = Optional.empty();
            return Step.END;
        }
        sleep(1 + world.random.nextInt(3));
        if (!world.has(Protection.RETRY_UNDER_SAME_KEY) && kind != Kind.WRITES_IN_PLACE) {
            current = current.map(file -> new Staging(newKey(), file.content()));
        }
        return kind == Kind.WRITES_IN_PLACE ? writeInPlace() : put();
    }

    @Override
    void died() {
        if (kind != Kind.REPEATS) {
            current = Optional.empty();
        }
    }

    @Override
    boolean hasUnfinished() {
        return isIdle() && current.isPresent();
    }
}
