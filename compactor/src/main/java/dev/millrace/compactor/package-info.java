/** From many small lake files to few: inspect, plan, merge, expire, clean. */
package dev.millrace.compactor;
