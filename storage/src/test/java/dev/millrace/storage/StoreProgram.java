package dev.millrace.storage;

import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;

/** A program that lists a store, for tests that need a JVM with other settings. Its keys come from its environment. */
final class StoreProgram {
    private StoreProgram() {}

    /** Endpoint, bucket, prefix of the store, prefix to list. */
    public static void main(String[] arguments) {
        S3Endpoint endpoint = new S3Endpoint(URI.create(arguments[0]), "us-east-1", true);
        AtomicLong objects = new AtomicLong();
        try (S3Connection connection = S3Connection.open(endpoint, System.getenv())) {
            new S3Store(connection, arguments[1], arguments[2])
                    .list(arguments[3], page -> objects.addAndGet(page.size()));
        }
        System.out.println("objects: " + objects);
    }
}
