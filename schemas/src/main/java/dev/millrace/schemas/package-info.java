/** The contract of a dataset: names, Avro schema, type mapping and the layout of staging keys. No I/O beyond reading files. */
package dev.millrace.schemas;
