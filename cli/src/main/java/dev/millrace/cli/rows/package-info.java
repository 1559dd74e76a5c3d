/** Reads rows of CSV, JSON lines and Avro container files as records of a contract's schema, without losing a digit. */
package dev.millrace.cli.rows;
