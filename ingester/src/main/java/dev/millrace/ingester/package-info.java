/** From staged files to the lake: scan, inspect, plan, write, commit, sweep. */
package dev.millrace.ingester;
