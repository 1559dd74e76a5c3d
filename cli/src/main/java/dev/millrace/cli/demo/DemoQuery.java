package dev.millrace.cli.demo;

/** The query whose answer the demo shows. */
public final class DemoQuery {
    public static final String TITLE = "Which carriers were late, and did the wind matter?";
    public static final String SQL = """
            SELECT f.carrier, count(*) AS flights, round(avg(f.dep_delay), 1) AS delay_minutes,
                round(avg(f.dep_delay) FILTER (w.wind_speed > 20), 1) AS in_strong_wind
            FROM lake.flights f LEFT JOIN lake.weather w USING (origin, time_hour)
            WHERE f.dep_delay IS NOT NULL
            GROUP BY f.carrier ORDER BY flights DESC, f.carrier LIMIT 5;""";

    private DemoQuery() {}
}
