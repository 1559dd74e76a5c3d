package dev.millrace.lake;

import dev.millrace.storage.S3Credentials;
import dev.millrace.storage.S3Endpoint;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * How a session reaches S3.
 *
 * @param credentials gives the keys that are valid now; asked when the session opens, and again by the session's thread
 *     before keys expire, so it should remember what it knows
 * @param clock tells when keys expire
 */
public record S3Access(S3Endpoint endpoint, Supplier<S3Credentials> credentials, Clock clock) {}
