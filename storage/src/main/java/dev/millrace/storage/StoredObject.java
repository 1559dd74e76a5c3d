package dev.millrace.storage;

import java.time.Instant;

/** An object of the store as a listing shows it. {@code sizeBytes} is its length, {@code modifiedAt} by the store's clock. */
public record StoredObject(String key, long sizeBytes, Instant modifiedAt) {}
