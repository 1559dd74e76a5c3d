package dev.millrace.cli.doctor;

/** Which checks follow each other on one thread, since they look through the same session or connection. Lanes run at once. */
enum Lane {
    CONFIGURATION,
    KEYS,
    OBJECT_STORE,
    STAGING,
    LAKE_DATA,
    CATALOG_DATABASE,
    ENGINE,
    DISK
}
