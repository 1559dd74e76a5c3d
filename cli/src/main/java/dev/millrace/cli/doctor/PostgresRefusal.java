package dev.millrace.cli.doctor;

import dev.millrace.lake.PostgresAddress;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;

/** What a refused connection to PostgreSQL means, and what to do about it. */
final class PostgresRefusal {
    private static final String PASSWORD =
            "check the user in lake.catalog, and PGPASSWORD or the password file ~/.pgpass (mode 0600)";

    /** By SQLSTATE, where the server itself has spoken, and of those of the driver that are plain. */
    private static final Map<String, String> REMEDIES = Map.of(
            "28P01", PASSWORD,
            "08004", PASSWORD,
            "28000", PASSWORD + ", and that pg_hba.conf lets this host in",
            "3D000", "make it with 'createdb', then run 'millrace init'; or correct lake.catalog",
            "42501", "let this user connect: infra/roles has the grants",
            "53300", "end some clients, or raise max_connections",
            "57P03", "it is starting or stopping: try again in a moment, then look at its log");

    private PostgresRefusal() {}

    static Finding finding(PostgresAddress address, SQLException failure) {
        String where = address.host() + ":" + address.port();
        String remedy = REMEDIES.get(String.valueOf(failure.getSQLState()));
        if (remedy != null) {
            return Finding.failed(address + ": " + said(failure), remedy);
        }
        if (isLate(failure)) {
            return Finding.failed(
                    "no answer from " + where + " in time",
                    "it takes connections and does not answer: look at the server and the network");
        }
        if (causes(failure).anyMatch(UnknownHostException.class::isInstance)) {
            return Finding.failed(
                    "unknown host '" + address.host() + "'", "correct lake.catalog, or check the name service");
        }
        if (causes(failure).anyMatch(ConnectException.class::isInstance)) {
            return Finding.failed(
                    "no connection to " + where + " (refused)", "start PostgreSQL, or correct lake.catalog");
        }
        if (causes(failure).anyMatch(SSLException.class::isInstance)) {
            return Finding.failed(
                    "no TLS connection to " + where + " (" + said(failure) + ")",
                    "check sslmode and sslrootcert in lake.catalog");
        }
        return Finding.failed(address + ": " + said(failure), "look at the server's log");
    }

    private static boolean isLate(SQLException failure) {
        return causes(failure).anyMatch(SocketTimeoutException.class::isInstance)
                || String.valueOf(failure.getMessage()).contains("timed out");
    }

    private static String said(SQLException failure) {
        return failure instanceof PSQLException answer && answer.getServerErrorMessage() != null
                ? answer.getServerErrorMessage().getMessage()
                : String.valueOf(failure.getMessage());
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, e -> e != null, Throwable::getCause);
    }
}
