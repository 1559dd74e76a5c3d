/** Shows runs: which there were, and everything that the lake knows of one. */
package dev.millrace.cli.runs;
