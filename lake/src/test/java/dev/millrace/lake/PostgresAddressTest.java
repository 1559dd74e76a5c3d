package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that an address is read as libpq would read it, quoted for whoever connects, and never shows a password. */
class PostgresAddressTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "PGHOST", "db.example",
            "PGPORT", "6543",
            "PGUSER", "mill",
            "PGDATABASE", "race",
            "PGPASSWORD", "canary-1",
            "PGSSLMODE", "verify-full",
            "PGSSLROOTCERT", "/etc/ca.pem",
            "PGCONNECT_TIMEOUT", "3");

    @Test
    void whatTheAddressSaysWinsOverTheEnvironment() {
        PostgresAddress address =
                PostgresAddress.parse("postgres://ann@pg:5433/lake?sslmode=require&connect_timeout=7", ENVIRONMENT);
        assertThat(address)
                .isEqualTo(new PostgresAddress(
                        "pg",
                        5433,
                        "lake",
                        "ann",
                        Map.of("sslmode", "require", "sslrootcert", "/etc/ca.pem", "connect_timeout", "7"),
                        Optional.of("canary-1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres:", "postgresql:", "postgres://", "postgresql:///"})
    void whatTheAddressLeavesOutComesFromTheEnvironment(String text) {
        assertThat(PostgresAddress.parse(text, ENVIRONMENT))
                .hasToString("postgres://mill@db.example:6543/race")
                .returns(Optional.of("canary-1"), PostgresAddress::password);
    }

    @Test
    void whatNobodySaysIsAsLibpqHasIt() {
        String user = System.getProperty("user.name");
        assertThat(PostgresAddress.parse("postgres:", Map.of()))
                .isEqualTo(new PostgresAddress("localhost", 5432, user, user, Map.of(), Optional.empty()));
        assertThat(PostgresAddress.parse("postgres://ann@h", Map.of()).database())
                .isEqualTo("ann");
    }

    @Test
    void blanksAndQuotesAreQuoted() {
        PostgresAddress address = PostgresAddress.parse(
                "postgres://o%27neil@[::1]/my%20lake%5Cx?application_name=a%20b+c&options=-c%20geqo%3Doff", Map.of());
        assertThat(address.connectionString())
                .startsWith("host='::1' port=5432 dbname='my lake\\\\x' user='o\\'neil' application_name='a b+c'")
                .contains(" options='-c geqo=off'");
        assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5432/my+lake%5Cx");
        assertThat(address.jdbcProperties())
                .containsEntry("ApplicationName", "a b+c")
                .containsEntry("options", "-c geqo=off");
    }

    @Test
    void theDriverGetsTheSameLoginAndTlsOptions() {
        assertThat(PostgresAddress.parse("postgres:", ENVIRONMENT).jdbcProperties())
                .containsEntry("user", "mill")
                .containsEntry("password", "canary-1")
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslrootcert", "/etc/ca.pem")
                .containsEntry("connectTimeout", "3")
                .containsEntry("ApplicationName", "millrace");
    }

    @Test
    void aServerThatIsGoneIsNotWaitedForAllDay() {
        assertThat(PostgresAddress.parse("postgres://ann@h/d", Map.of()).connectionString())
                .contains("connect_timeout=10")
                .contains("tcp_user_timeout=30000");
    }

    @Test
    void aDefaultCanBeTakenBack() {
        assertThat(PostgresAddress.parse("postgres://ann@h/d", Map.of()).connectionString())
                .contains("options='-c idle_in_transaction_session_timeout=0'");
        assertThat(PostgresAddress.parse("postgres://ann@h/d?options=", Map.of())
                        .connectionString())
                .contains("options=''");
    }

    @Test
    void thePasswordIsNotInAnyText() {
        PostgresAddress address = PostgresAddress.parse("postgres:", ENVIRONMENT);
        assertThat(address.toString()
                        + address.connectionString()
                        + address.jdbcUrl()
                        + new Catalog.PostgresCatalog(address)
                        + new LakeAddress(new Catalog.PostgresCatalog(address), "s3://lake"))
                .doesNotContain("canary-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://ann:canary-2@h/d",
                "postgres://ann:canary%2F2@h/d",
                "postgres://ann@h/d?password=canary-2",
                "postgres://ann@h/d?sslpassword=canary-2"
            })
    void aPasswordInTheAddressIsRefusedWithThePlaceWhereItBelongs(String text) {
        assertThatThrownBy(() -> PostgresAddress.parse(text, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PGPASSWORD")
                .hasMessageContaining("~/.pgpass")
                .message()
                .doesNotContain("canary");
    }

    /** Where a password holds signs that end a part of an address, a piece of it stands in another part. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://ann:canary/2@h/d",
                "postgres://ann:12/canary@h/d",
                "postgres://ann:canary#2@h/d",
                "postgres://ann:canary 2@h/d",
                "postgres://ann@canary@h/d",
                "postgres://h/d/canary",
                "postgres:canary",
                "mysql://canary@h/d"
            })
    void whatIsNoAddressIsRefusedWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> PostgresAddress.parse(text, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("postgres://USER@HOST:PORT/DATABASE")
                .hasNoCause()
                .message()
                .doesNotContain("canary");
    }

    @Test
    void anUnknownOptionIsNamed() {
        assertThatThrownBy(() -> PostgresAddress.parse("postgres://ann@h/d?sslmod=require", Map.of()))
                .hasMessageContaining("'sslmod'")
                .hasMessageContaining("sslmode");
    }

    @Test
    void aValueThatCannotBeIsNamed() {
        assertThatThrownBy(() -> PostgresAddress.parse("postgres:", Map.of("PGPORT", "many")))
                .hasMessageContaining("PGPORT is 'many'");
        assertThatThrownBy(() -> PostgresAddress.parse("postgres://ann@h:70000/d", Map.of()))
                .hasMessageContaining("port can't be '70000'");
        assertThatThrownBy(() -> PostgresAddress.parse("postgres:", Map.of("PGHOST", "/var/run/postgresql")))
                .hasMessageContaining("sockets are not supported");
    }
}
