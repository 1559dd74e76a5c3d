/** One DuckDB session with the DuckLake catalog attached: pipeline tables, ledger, lease, runs and the outcome of a commit. */
package dev.millrace.lake;
