/** Measures a compaction of many small lake files beside DuckDB's own COPY of the same files. */
package dev.millrace.bench.compaction;
