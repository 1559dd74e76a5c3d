package dev.millrace.cli.doctor;

import dev.millrace.cli.config.CatalogAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The checks of the database that the catalog is in, beside the engine. */
final class CatalogPlan {
    private final List<Step> entrance;
    private final List<Step> steps;

    private CatalogPlan(List<Step> entrance, List<Step> steps) {
        this.entrance = List.copyOf(entrance);
        this.steps = List.copyOf(steps);
    }

    static CatalogPlan of(
            CatalogAddress catalog, Map<String, String> environment, Clock clock, Examination examination) {
        return catalog instanceof CatalogAddress.Sqlite sqlite
                ? sqlite(sqlite)
                : postgres((CatalogAddress.Postgres) catalog, environment, clock, examination);
    }

    /** Those that everything in the lake needs. */
    List<Step> entrance() {
        return entrance;
    }

    List<Step> steps() {
        return steps;
    }

    private static CatalogPlan sqlite(CatalogAddress.Sqlite sqlite) {
        Step file = Step.of(Group.CATALOG_DATABASE, "sqlite file", Lane.CATALOG_DATABASE, new SqliteFile(sqlite.file()))
                .orElse("make it readable for this user");
        return new CatalogPlan(List.of(file), List.of(file));
    }

    private static CatalogPlan postgres(
            CatalogAddress.Postgres postgres, Map<String, String> environment, Clock clock, Examination examination) {
        Opened<PostgresConnection> opened = examination.shared(Lane.CATALOG_DATABASE);
        Supplier<PostgresConnection> open = opened::value;
        Step connection = step("connection", new PostgresReached(() -> postgres.with(environment), opened))
                .within(PostgresConnection.LONGEST_LOGIN)
                .orElse("look at PostgreSQL and the network to it");
        Step tables = step("tables", new PostgresTables(open)).needing(connection);
        return new CatalogPlan(
                List.of(connection, tables),
                List.of(
                        connection,
                        tables,
                        step("version", new PostgresVersion(open, clock)).needing(connection),
                        step("clock", new PostgresClock(open, clock)).needing(connection),
                        step("connections", new PostgresConnections(open)).needing(connection),
                        step("locks", new PostgresLocks(open)).needing(connection),
                        step("sessions", new PostgresSessions(open)).needing(connection),
                        step("vacuum", new PostgresVacuum(open, clock)).needing(connection)));
    }

    private static Step step(String name, Check check) {
        return Step.of(Group.CATALOG_DATABASE, name, Lane.CATALOG_DATABASE, check)
                .orElse("look at PostgreSQL's log");
    }
}
