package dev.millrace.cli.demo;

/** Who does something in a demo, each with rights of its own where the servers tell them apart. */
enum DemoPart {
    PRODUCER,
    INGESTER,
    CLEANER,
    READER
}
