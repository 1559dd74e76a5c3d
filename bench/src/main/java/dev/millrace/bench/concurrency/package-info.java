/** Many processes at work on one lake at once: what they get done, what they fail at, and whether every row came in once. */
package dev.millrace.bench.concurrency;
