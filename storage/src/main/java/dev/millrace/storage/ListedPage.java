package dev.millrace.storage;

import dev.millrace.failpoint.Failpoint;
import java.util.List;
import java.util.function.Consumer;

/** How a store hands over what it has listed: a page that has something. */
final class ListedPage {
    private ListedPage() {}

    static void handOver(List<StoredObject> objects, Consumer<List<StoredObject>> page) {
        if (!objects.isEmpty()) {
            Failpoint.BEFORE_LIST_PAGE.pass();
            page.accept(objects);
            Failpoint.AFTER_LIST_PAGE.pass();
        }
    }
}
