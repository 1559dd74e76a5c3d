package dev.millrace.cli.rows;

import org.apache.avro.generic.GenericRecord;

/** A row that fits the contract, and where it came from. */
public record Row(GenericRecord record, Origin origin) {}
