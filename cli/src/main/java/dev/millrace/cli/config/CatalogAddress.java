package dev.millrace.cli.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where the catalog of the lake is kept. */
public sealed interface CatalogAddress {
    String ALLOWED = "sqlite:PATH or postgres://USER@HOST:PORT/DATABASE";

    /**
     * Reads {@code sqlite:PATH}, whose path counts from a folder, or {@code postgres://…}.
     *
     * @throws IllegalArgumentException when it is neither; the message says what is allowed
     */
    static CatalogAddress parse(String text, Path relativeTo) {
        if (text.startsWith("sqlite:")) {
            return new Sqlite(LocalPath.resolve(text.substring("sqlite:".length()), relativeTo));
        }
        if (text.startsWith("postgres://") || text.startsWith("postgresql://")) {
            try {
                return new Postgres(new URI(text));
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(ALLOWED, e);
            }
        }
        throw new IllegalArgumentException(ALLOWED);
    }

    /** One SQLite file: an absolute path; the file need not exist. */
    record Sqlite(Path file) implements CatalogAddress {
        public Sqlite {
            file = file.toAbsolutePath().normalize();
        }

        @Override
        public String toString() {
            return "sqlite:" + file;
        }
    }

    /** A PostgreSQL database. The text of this value never shows a password. */
    record Postgres(URI address) implements CatalogAddress {
        public Postgres {
            if (address.getHost() == null
                    || address.getPath() == null
                    || address.getPath().length() < 2) {
                throw new IllegalArgumentException(ALLOWED);
            }
        }

        @Override
        public String toString() {
            return Secrets.masked(address.toString());
        }
    }
}
