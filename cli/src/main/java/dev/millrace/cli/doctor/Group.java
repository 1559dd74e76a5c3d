package dev.millrace.cli.doctor;

/** The headings of the output, in their order. */
enum Group {
    CONFIGURATION("configuration"),
    ENGINE("engine"),
    OBJECT_STORE("object store"),
    STAGING("staging area"),
    LAKE_DATA("lake data"),
    CATALOG_DATABASE("catalog database"),
    LAKE("lake"),
    WORK("work"),
    DISK("disk");

    private final String heading;

    Group(String heading) {
        this.heading = heading;
    }

    String heading() {
        return heading;
    }
}
