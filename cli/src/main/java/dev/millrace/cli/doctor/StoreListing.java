package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import dev.millrace.storage.ObjectStore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Whether a store answers, and lists; it is asked for one page. */
final class StoreListing implements Check {
    /** Ends a listing after its first page. */
    private static final class EnoughException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EnoughException() {
            super("enough", null, false, false);
        }
    }

    private final Supplier<ObjectStore> opening;

    /** @param opening opens the store anew, so that a missing place is found by this check */
    StoreListing(Supplier<ObjectStore> opening) {
        this.opening = opening;
    }

    @Override
    public Finding look() throws Exception {
        return Denial.orFinding(() -> {
            ObjectStore store = opening.get();
            AtomicLong objects = new AtomicLong();
            boolean whole = true;
            try {
                store.list("", page -> {
                    objects.addAndGet(page.size());
                    if (page.size() == ObjectStore.PAGE_OBJECTS) {
                        throw new EnoughException();
                    }
                });
            } catch (EnoughException e) {
                whole = false;
            }
            return Finding.ok(store.root() + ": "
                    + (whole ? Quantity.of(objects.get(), "object") : "more than " + Quantity.count(objects.get())));
        });
    }
}
