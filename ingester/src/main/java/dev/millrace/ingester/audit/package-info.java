/** Proves that what was staged is what the lake holds: staged files, ledger and lake agree by count and by row hash. */
package dev.millrace.ingester.audit;
