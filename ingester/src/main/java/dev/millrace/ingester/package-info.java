/** From staged files to the lake: scan, inspect, plan, write, commit; and the sweep of what was loaded. */
package dev.millrace.ingester;
