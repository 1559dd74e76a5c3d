package dev.millrace.bench.simulation;

import dev.millrace.failpoint.Failpoint;
import java.util.Optional;

/** What an actor does in one step. Those with a failpoint are named as it is. */
enum Operation {
    PUT(Nature.STORE_WRITE),
    LIST_PAGE(Nature.PAGE),
    DELETE(Nature.STORE_WRITE),
    WRITE_LAKE_FILES(Nature.STORE_WRITE),
    TAKE_LEASE(Nature.STATEMENT),
    RAISE_TOKEN(Nature.STATEMENT),
    REGISTER(Nature.STATEMENT),
    INSERT_LEDGER(Nature.STATEMENT),
    END_FILES(Nature.STATEMENT),
    COMMIT(Nature.COMMIT),
    RELEASE_LEASE(Nature.STATEMENT),
    EXPIRE(Nature.STATEMENT),
    CLEAN(Nature.CATALOG_READ),
    /** Writes a staged file bit by bit, in order. */
    WRITE_IN_PLACE(Nature.WRITE_IN_ORDER),
    /** Asks for a page; {@link #LIST_PAGE} hands it over. */
    LIST(Nature.STORE_READ),
    INSPECT(Nature.STORE_READ),
    READ_FILE(Nature.STORE_READ),
    DELETE_LAKE_FILE(Nature.STORE_WRITE),
    /** Reads the catalog. */
    LOOK(Nature.CATALOG_READ),
    BEGIN(Nature.STATEMENT),
    ERASE(Nature.STATEMENT),
    /** Touches nothing. */
    DECIDE(Nature.LOCAL),
    /** There is nothing more to do. */
    END(Nature.LOCAL);

    /** What can go wrong with it. */
    enum Nature {
        LOCAL,
        PAGE,
        STORE_READ,
        STORE_WRITE,
        WRITE_IN_ORDER,
        CATALOG_READ,
        /** Has an effect in its transaction only. */
        STATEMENT,
        COMMIT
    }

    private final Nature nature;
    private final Optional<Failpoint> before;
    private final Optional<Failpoint> after;

    Operation(Nature nature) {
        this.nature = nature;
        this.before = failpoint("BEFORE_" + name());
        this.after = failpoint("AFTER_" + name());
    }

    private static Optional<Failpoint> failpoint(String name) {
        for (Failpoint failpoint : Failpoint.values()) {
            if (failpoint.name().equals(name)) {
                return Optional.of(failpoint);
            }
        }
        return Optional.empty();
    }

    Nature nature() {
        return nature;
    }

    Optional<Failpoint> before() {
        return before;
    }

    Optional<Failpoint> after() {
        return after;
    }
}
