package dev.millrace.bench.concurrency;

/**
 * What a process has to be told to open the site of a run. Holds nothing secret.
 *
 * @param mode whether the place is a folder, or a database and prefixes of both buckets
 * @param place the folder's path, or the name of the database and of the prefixes
 */
record SiteAddress(Mode mode, String place) {
    SiteAddress {
        if (place.isBlank()) {
            throw new IllegalArgumentException("the place of a " + mode.word() + " site is blank");
        }
    }
}
