package dev.millrace.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * Keys for S3, at one moment. The text of this value shows neither the secret key nor the token.
 *
 * @param sessionToken goes with keys that are valid for a time only
 * @param expiresAt until when they are valid; absent when they don't expire
 */
public record S3Credentials(
        String accessKeyId, String secretAccessKey, Optional<String> sessionToken, Optional<Instant> expiresAt) {
    @Override
    public String toString() {
        return "S3Credentials[accessKeyId=" + accessKeyId + ", expiresAt=" + expiresAt + "]";
    }
}
