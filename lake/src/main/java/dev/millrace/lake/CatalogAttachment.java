package dev.millrace.lake;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.millrace.lake.sql.SqlText;
import java.nio.file.Files;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Attaches a lake to a session, and says in a line why it can't be. */
final class CatalogAttachment {
    private static final String SECRET =
            "CREATE OR REPLACE TEMPORARY SECRET " + Catalog.PostgresCatalog.SECRET + " (TYPE postgres%s)";

    /** What PostgreSQL says of the tables of a lake that another one has just made. */
    private static final String ALREADY_THERE = "already exists";

    /** What the engine says when its look into a SQLite catalog was refused while another one made the lake: it asks again, and tells of that. */
    private static final List<String> PROBE_REFUSED =
            List.of("Failed to probe DuckLake metadata", "Current transaction is aborted");

    /** Of those that make a lake at once, one makes it, and the others find it when it is there. */
    private static final RetryPolicy<Object> MADE_BY_ANOTHER = RetryPolicy.builder()
            .handleIf(failure -> failure instanceof StatementException e
                    && (e.tellsOfConflict()
                            || e.getMessage().contains(ALREADY_THERE)
                            || PROBE_REFUSED.stream().allMatch(e.getMessage()::contains)))
            .withMaxAttempts(-1)
            .withMaxDuration(Duration.ofSeconds(10))
            .withBackoff(Duration.ofMillis(10), Duration.ofSeconds(1))
            .withJitter(0.5)
            .build();

    private final LakeAddress address;
    private final SessionOptions.Access access;

    CatalogAttachment(LakeAddress address, SessionOptions.Access access) {
        this.address = address;
        this.access = access;
    }

    /** Refuses at once what can't be there, before an engine is started. */
    void requireCatalog() {
        if (address.catalog() instanceof Catalog.SqliteCatalog sqlite
                && access != SessionOptions.Access.CREATE
                && !Files.exists(sqlite.file())) {
            throw new LakeException(
                    "there is no lake yet: the catalog " + sqlite.file() + " does not exist; run 'millrace init'");
        }
    }

    /**
     * Attaches.
     *
     * @throws CatalogUnreachableException when the catalog's server does not answer
     * @throws LakeException when there is no lake, or another one than the address says, or no right to use it
     */
    void attach(EngineConnection engine) {
        if (address.catalog() instanceof Catalog.PostgresCatalog postgres) {
            Optional<String> password = postgres.address().password();
            engine.execute(
                    SECRET.formatted(password.isPresent() ? ", PASSWORD ?" : ""),
                    password.stream().toArray());
        }
        List<String> options = new ArrayList<>(address.catalog().attachOptions());
        options.add("DATA_PATH " + SqlText.literal(address.dataPath()));
        if (access == SessionOptions.Access.CREATE) {
            if (!mayBeMade(engine)) {
                throw notALake("it holds other tables");
            }
            options.addAll(address.catalog().creationOptions());
        } else {
            options.add("CREATE_IF_NOT_EXISTS false");
        }
        if (access == SessionOptions.Access.READ) {
            options.add("READ_ONLY");
        }
        String attach = "ATTACH " + SqlText.literal(address.catalog().attachAddress()) + " AS " + LakeSession.ALIAS
                + " (" + String.join(", ", options) + ")";
        try {
            Failsafe.with(MADE_BY_ANOTHER).run(() -> engine.execute(attach));
        } catch (StatementException e) {
            throw refused(e);
        }
    }

    /**
     * Looks into a database before anything is made in it: one that holds something else may be somebody's. The look is a
     * transaction that only reads, so a lake that another process is making at this moment is not there yet.
     */
    private boolean mayBeMade(EngineConnection engine) {
        if (address.catalog() instanceof Catalog.SqliteCatalog sqlite && !Files.exists(sqlite.file())) {
            return true;
        }
        try {
            engine.execute(address.catalog().attachForLook());
            boolean mayBe = engine.run(address.catalog().isLakeOrEmpty(), statement -> {
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() && row.getBoolean(1);
                }
            });
            engine.execute("DETACH " + Catalog.LOOKED_AT);
            return mayBe;
        } catch (StatementException e) {
            throw refused(e);
        }
    }

    private LakeException refused(StatementException e) {
        String why = e.getMessage();
        String catalog = address.catalog().description();
        if (e.tellsOfLostConnection()) {
            return new CatalogUnreachableException(address.catalog(), e);
        }
        if (why.contains("DATA_PATH")) {
            return new LakeException(
                    "the catalog " + catalog + " belongs to another data path than " + address.dataPath()
                            + ": set lake.data to the one it was made with (" + e.firstLine() + ")",
                    e);
        }
        if (address.catalog() instanceof Catalog.PostgresCatalog postgres) {
            return PostgresRefusal.explain(postgres.address(), e);
        }
        if (why.toLowerCase(Locale.ROOT).contains("not a database")
                || why.contains("does not exist")
                || why.contains("no such table")) {
            return notALake(e.firstLine());
        }
        return new LakeException("the catalog " + catalog + " can't be attached: " + e.firstLine(), e);
    }

    private LakeException notALake(String why) {
        return new LakeException(address.catalog().description()
                + " is not a DuckLake catalog; nothing was changed. Set lake.catalog to another place,"
                + " or run 'millrace init' where there is none (" + why + ")");
    }
}
