package dev.millrace.infra;

import java.util.Objects;

/**
 * A name with its secret: access key and secret key of an object store, user and password of PostgreSQL. Its text hides
 * the secret.
 */
public record Login(String name, String secret) {
    public Login {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a login needs a name");
        }
        Objects.requireNonNull(secret, "secret");
    }

    @Override
    public String toString() {
        return name + ":***";
    }
}
