package dev.millrace.bench.simulation;

/** An object of a store; {@code modifiedAt} is the store's time. */
record StoredContent(String key, Content content, long modifiedAt) {}
