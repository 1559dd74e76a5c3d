package dev.millrace.cli.config;

import java.nio.file.Path;

/** The one place that knows which addresses this version can use: directories and SQLite. */
public final class SupportedAddresses {
    private SupportedAddresses() {}

    /** The directory of the staging area. */
    public static Path staging(Configuration configuration) {
        return directory(ConfigurationKey.STAGING, configuration.staging());
    }

    /** The directory of the lake files. */
    public static Path lakeData(Configuration configuration) {
        return directory(ConfigurationKey.LAKE_DATA, configuration.lake().data());
    }

    /** The SQLite file of the catalog. */
    public static Path catalogFile(Configuration configuration) {
        CatalogAddress catalog = configuration.lake().catalog();
        if (catalog instanceof CatalogAddress.Sqlite sqlite) {
            return sqlite.file();
        }
        throw later(ConfigurationKey.LAKE_CATALOG, catalog, "a PostgreSQL catalog");
    }

    private static Path directory(ConfigurationKey key, StorageAddress address) {
        if (address instanceof StorageAddress.Directory directory) {
            return directory.path();
        }
        throw later(key, address, "S3");
    }

    private static ConfigurationException later(ConfigurationKey key, Object address, String what) {
        return new ConfigurationException(key.key() + " is '" + address + "', but " + what
                + " comes with a later version; use, for example, " + key.defaultText());
    }
}
