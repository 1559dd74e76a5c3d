package dev.millrace.lake;

import java.util.List;
import java.util.Locale;

/** Says in a line why a PostgreSQL server does not let the lake be attached, and what to do. */
final class PostgresRefusal {
    /** What the server or libpq says (measured, PostgreSQL 15 and 18), and what to do about it. */
    private record Rule(List<String> words, String advice) {}

    private static final List<Rule> RULES = List.of(
            new Rule(
                    List.of("password authentication failed", "no password supplied", "role \"", "authentication"),
                    "the login was refused: see the user in lake.catalog or PGUSER, and give its password as PGPASSWORD or in"
                            + " the password file ~/.pgpass"),
            new Rule(
                    List.of("unsupported startup parameter"),
                    "a pooler in between does not pass on 'options': add '?options=' to lake.catalog, and see that the server"
                            + " does not end idle transactions early"),
            new Rule(
                    List.of("pg_hba.conf"),
                    "the server's pg_hba.conf does not let this user in from here, or not without TLS: see sslmode in"
                            + " lake.catalog or PGSSLMODE"),
            new Rule(
                    List.of("ssl", "certificate", "tls"),
                    "no secured connection came about: see sslmode and sslrootcert in lake.catalog, or PGSSLMODE and"
                            + " PGSSLROOTCERT"),
            new Rule(
                    List.of("permission denied"),
                    "the user lacks rights: an analyst needs USAGE on the schema and SELECT on its tables, the others what"
                            + " 'infra/roles' grants"),
            new Rule(List.of("already exists", "duplicate key"), "another process makes the lake just now; try again"));

    private PostgresRefusal() {}

    static LakeException explain(PostgresAddress address, StatementException e) {
        String reason = e.reason();
        String said = reason.toLowerCase(Locale.ROOT);
        String refusal = "the catalog " + address + " can't be used: ";
        if (said.contains("creating a new ducklake is explicitly disabled")) {
            return new LakeException("there is no lake yet in " + address + "; run 'millrace init'", e);
        }
        if (said.contains("database \"" + address.database().toLowerCase(Locale.ROOT) + "\" does not exist")) {
            return new LakeException(
                    "there is no database '" + address.database() + "' on " + address.host() + ":" + address.port()
                            + "; make it: createdb -h " + address.host() + " -p " + address.port() + " -U "
                            + address.user() + " " + address.database(),
                    e);
        }
        return RULES.stream()
                .filter(rule -> rule.words().stream().anyMatch(said::contains))
                .findFirst()
                .map(rule -> new LakeException(refusal + rule.advice() + " (" + reason + ")", e))
                .orElseGet(() -> new LakeException(refusal + reason, e));
    }
}
