package dev.millrace.bench.simulation;

/** An actor that lists the staging area. */
interface Lister {
    Listing listing();
}
