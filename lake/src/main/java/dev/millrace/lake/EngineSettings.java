package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import java.util.List;
import java.util.stream.Stream;

/** The engine's settings of a session, as statements in their order. */
final class EngineSettings {
    /** Before any extension is loaded. */
    static final List<String> AT_START = List.of(
            "SET TimeZone = 'UTC'",
            // Secrets that a user keeps for other work must not decide which keys are used here.
            "SET allow_persistent_secrets = false");

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
                            // A question mark in a key would be followed by an endpoint of the key's choice.
                            "SET GLOBAL s3_url_compatibility_mode = true"))
            .toList();

    private EngineSettings() {}

    /** Last of all: nothing besides the places can be reached afterwards, and no setting can be changed. */
    static List<String> lockDown(List<String> places, String spillFolder) {
        return List.of(
                "SET temp_directory = " + SqlText.literal(spillFolder),
                "SET allowed_directories = " + SqlText.literals(places),
                "SET enable_external_access = false",
                "SET lock_configuration = true");
    }
}
