/** What the pipeline costs, measured beside other ways to do the same. */
package dev.millrace.bench;
