package dev.millrace.cli.demo;

/** The query whose answer the demo shows. */
public final class DemoQuery {
    public static final String TITLE = "Which carriers were late?";
    public static final String SQL = """
            SELECT carrier, count(*) AS flights, round(avg(dep_delay), 1) AS minutes_late,
                round(100.0 * count(*) FILTER (dep_delay IS NULL) / count(*), 2) AS percent_cancelled
            FROM lake.flights GROUP BY carrier ORDER BY flights DESC LIMIT 5;""";

    private DemoQuery() {}
}
