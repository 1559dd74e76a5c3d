package dev.millrace.ingester;

import java.time.Instant;
import java.util.Optional;

/** Staged files of a dataset that the ledger knows nothing of yet. */
public record Backlog(long files, long bytes, Optional<Instant> oldest) {}
