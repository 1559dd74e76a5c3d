package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Attaches a lake to a session, and says in a line why it can't be. */
final class CatalogAttachment {
    private static final String PASSWORD =
            "CREATE OR REPLACE TEMPORARY SECRET " + Catalog.PostgresCatalog.SECRET + " (TYPE postgres, PASSWORD ?)";

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

    void attach(LakeSession session) {
        password().ifPresent(password -> session.execute(PASSWORD, password));
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
        try {
            session.execute("ATTACH " + SqlText.literal(address.catalog().attachAddress()) + " AS " + LakeSession.ALIAS
                    + " (" + String.join(", ", options) + ")");
        } catch (StatementException e) {
            throw refused(e);
        }
    }

    private Optional<String> password() {
        return address.catalog() instanceof Catalog.PostgresCatalog postgres
                ? postgres.address().password()
                : Optional.empty();
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

    private LakeException refused(StatementException e) {
        String why = e.getMessage();
        String catalog = address.catalog().description();
        if (why.contains("DATA_PATH")) {
            return new LakeException(
                    "the catalog " + catalog + " belongs to another data path than " + address.dataPath()
                            + ": set lake.data to the one it was made with (" + e.firstLine() + ")",
                    e);
        }
        if (why.toLowerCase(Locale.ROOT).contains("not a database")
                || why.contains("does not exist")
                || why.contains("no such table")) {
            return new LakeException(
                    catalog + " is not a DuckLake catalog; nothing was changed. Set lake.catalog to another place,"
                            + " or run 'millrace init' where there is none (" + e.firstLine() + ")",
                    e);
        }
        return new LakeException("the catalog " + catalog + " can't be attached: " + e.firstLine(), e);
    }
}
