/** Moves a dataset into another lake, with its ledger: lake files as they are, in one transaction there. */
package dev.millrace.ingester.migration;
