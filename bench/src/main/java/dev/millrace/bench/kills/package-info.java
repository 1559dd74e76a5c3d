/** Kills, stops and races real processes of the pipeline, and has the oracle say what that has cost. */
package dev.millrace.bench.kills;
