/** A simulated year of ingest and compaction: how many bytes the planner of merges writes for each byte that came in. */
package dev.millrace.bench.amplification;
