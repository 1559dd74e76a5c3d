package dev.millrace.cli.config;

import dev.millrace.lake.PostgresAddress;
import java.nio.file.Path;
import java.util.Map;

/** Where the catalog of the lake is kept. */
public sealed interface CatalogAddress {
    String ALLOWED = "sqlite:PATH or " + PostgresAddress.FORM;

    /**
     * Reads {@code sqlite:PATH}, whose path counts from a folder, or {@code postgres:…}.
     *
     * @throws IllegalArgumentException when it is neither; the message says what is allowed
     */
    static CatalogAddress parse(String text, Path relativeTo) {
        if (text.startsWith("sqlite:")) {
            return new Sqlite(LocalPath.resolve(text.substring("sqlite:".length()), relativeTo));
        }
        if (text.startsWith("postgres:") || text.startsWith("postgresql:")) {
            return new Postgres(text);
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

    /**
     * A PostgreSQL database, of which the environment tells what the text leaves out. Neither holds a password: the text of
     * this value can be shown.
     */
    record Postgres(String text) implements CatalogAddress {
        public Postgres {
            try {
                PostgresAddress.parse(text, Map.of());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(ALLOWED + ": " + e.getMessage(), e);
            }
        }

        /** The database, with what {@code PGHOST}, {@code PGPASSWORD} and so on say. */
        public PostgresAddress with(Map<String, String> environment) {
            return PostgresAddress.parse(text, environment);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
