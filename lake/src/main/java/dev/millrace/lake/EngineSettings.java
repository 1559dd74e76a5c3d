package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The engine's settings of a session, as statements in their order. */
final class EngineSettings {
    /** Before any extension is loaded. */
    static final List<String> AT_START = List.of(
            "SET TimeZone = 'UTC'",
            // Secrets that a user keeps for other work must not decide which keys are used here.
            "SET allow_persistent_secrets = false");

    /** After ducklake is loaded. */
    static final List<String> FOR_THE_LAKE = List.of(
            // The engine waits before it finds out that a commit has lost against another one. What may be tried again
            // is
            // tried again by CommitRetry, outside of the transaction.
            "SET ducklake_retry_wait_ms = 10");

    /** After httpfs is loaded. */
    static final List<String> FOR_S3 = Stream.concat(
                    // The extension takes the environment's keys as settings, and any SQL can read a setting.
                    Stream.of(
                                    "s3_access_key_id",
                                    "s3_secret_access_key",
                                    "s3_session_token",
                                    "s3_endpoint",
                                    "s3_region")
                            .map(setting -> "RESET GLOBAL " + setting),
                    Stream.of(
                            // A question mark in a key would be followed by an endpoint of the key's choice, a star by
                            // a
                            // search.
                            "SET GLOBAL s3_url_compatibility_mode = true",
                            // Six seconds of tries in all, for a store that is being started anew; else half a second.
                            "SET GLOBAL http_retries = 7",
                            "SET GLOBAL http_retry_backoff = 2",
                            // Nothing below the lake or in staging changes once it is there. Saves a request for each
                            // file that was inspected before it is read: 0.22 s instead of 0.77 s for 1,000 small
                            // files.
                            "SET GLOBAL enable_http_metadata_cache = true",
                            // Else a connection, and a TLS handshake, for each file.
                            "SET GLOBAL httpfs_connection_caching = true",
                            // The size of a part follows from it, and a buffer of that size is held for each open file:
                            // 5 MB
                            // instead of 80 MB, so that many partitions are written at once in little memory.
                            "SET GLOBAL s3_uploader_max_filesize = '50GB'"))
            .toList();

    private EngineSettings() {}

    static String memory(long bytes) {
        return "SET memory_limit = " + SqlText.literal(bytes + "B");
    }

    /** The certificates that a TLS server's has to come from. */
    static String trust(Path certificates) {
        return "SET GLOBAL ca_cert_file = " + SqlText.literal(certificates.toString());
    }

    /** Last of all: nothing besides the places can be reached afterwards, and no setting but the number of threads can be changed. */
    static List<String> lockDown(List<String> places, String spillFolder) {
        return Stream.concat(
                        Stream.of("SET allowed_configs = " + SqlText.literals(List.of(EngineThreads.SETTING))),
                        lockDown("allowed_directories", places, spillFolder).stream())
                .toList();
    }

    /** As {@link #lockDown(List, String)}, with single files. */
    static List<String> lockDownToFiles(List<String> paths, String spillFolder) {
        return lockDown("allowed_paths", paths, spillFolder);
    }

    private static List<String> lockDown(String allowed, List<String> places, String spillFolder) {
        return List.of(
                "SET temp_directory = " + SqlText.literal(spillFolder),
                "SET " + allowed + " = " + SqlText.literals(places),
                "SET enable_external_access = false",
                "SET lock_configuration = true");
    }
}
