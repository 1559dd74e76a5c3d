package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import dev.millrace.storage.S3Connection;
import dev.millrace.storage.S3Credentials;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/** Whether there are keys for S3, and for how long. */
final class S3Keys implements Check {
    private final Supplier<S3Connection> connection;
    private final Clock clock;

    S3Keys(Supplier<S3Connection> connection, Clock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    @Override
    public Finding look() {
        S3Credentials credentials = connection.get().credentials();
        String whose = "of " + credentials.accessKeyId();
        return credentials
                .expiresAt()
                .map(expiry ->
                        Finding.ok(whose + ", renewed in " + Quantity.age(Duration.between(clock.instant(), expiry))))
                .orElseGet(() -> Finding.ok(whose));
    }
}
