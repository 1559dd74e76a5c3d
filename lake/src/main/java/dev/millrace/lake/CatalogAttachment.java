package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Attaches a lake to a session, and says in a line why it can't be. */
final class CatalogAttachment {
    private static final String SECRET =
            "CREATE OR REPLACE TEMPORARY SECRET " + Catalog.PostgresCatalog.SECRET + " (TYPE postgres%s)";

    /** Tables of an extension, such as those of PostGIS, are nobody's data. */
    private static final String LOOK = """
            SELECT * FROM postgres_query('looked_at', $$
                SELECT count(*) = 0 OR bool_or(c.relname = 'ducklake_metadata')
                FROM pg_class c
                WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p')
                    AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            $$)
            """;

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
            if (access == SessionOptions.Access.CREATE && !isLakeOrEmpty(engine, postgres)) {
                throw notALake("it holds other tables");
            }
        }
        List<String> options = new ArrayList<>(address.catalog().attachOptions());
        options.add("DATA_PATH " + SqlText.literal(address.dataPath()));
        if (access == SessionOptions.Access.CREATE && isNew()) {
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
            engine.execute(attach);
        } catch (StatementException e) {
            if (access != SessionOptions.Access.CREATE || !e.tellsOfConflict()) {
                throw refused(e);
            }
            attachWhatAnotherMade(engine, attach);
        }
    }

    /** Of two that make a lake at once, one finds the other's. */
    private void attachWhatAnotherMade(EngineConnection engine, String attach) {
        try {
            engine.execute(attach);
        } catch (StatementException e) {
            throw refused(e);
        }
    }

    /** A database that holds something is never made into a lake: it may be somebody else's. */
    private boolean isNew() {
        if (!(address.catalog() instanceof Catalog.SqliteCatalog sqlite)) {
            return true;
        }
        try {
            return !Files.exists(sqlite.file()) || Files.size(sqlite.file()) == 0;
        } catch (IOException e) {
            throw new LakeException("the catalog " + sqlite.file() + " can't be looked at: " + e, e);
        }
    }

    /** The same for PostgreSQL: asked in a transaction that only reads. */
    private boolean isLakeOrEmpty(EngineConnection engine, Catalog.PostgresCatalog postgres) {
        try {
            engine.execute("ATTACH " + SqlText.literal(postgres.address().connectionString()) + " AS looked_at ("
                    + String.join(", ", postgres.lookOptions()) + ")");
            boolean itIs = engine.run(LOOK, statement -> {
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() && row.getBoolean(1);
                }
            });
            engine.execute("DETACH looked_at");
            return itIs;
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
