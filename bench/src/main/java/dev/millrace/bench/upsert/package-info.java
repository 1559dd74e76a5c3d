/** Measures an upsert beside an append of the same rows. */
package dev.millrace.bench.upsert;
