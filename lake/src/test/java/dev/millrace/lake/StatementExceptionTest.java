package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that errors are told apart by what the engine says in each case: the texts are those that were measured. */
class StatementExceptionTest {
    private static final String FAILED =
            "TransactionContext Error: Failed to commit: Failed to commit DuckLake transaction.\n";
    private static final String LOST = FAILED
            + "Failed to commit: Failed to execute query \"COMMIT\": server closed the connection unexpectedly\n"
            + "\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.\n";
    private static final String NO_STORE =
            "IO Error: Could not connect to server error for HTTP HEAD to 'http://127.0.0.1:9000/staging/a.parquet'";

    private static StatementException said(String text) {
        return new StatementException(new SQLException(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                FAILED
                        + "Transaction conflict - attempting to insert into table with index \"2\" - but another transaction"
                        + " has deleted inlined data from it",
                FAILED
                        + "Failed to flush changes into DuckLake: Failed to execute query \"INSERT INTO t VALUES ('x')\":"
                        + " ERROR:  duplicate key value violates unique constraint \"ducklake_snapshot_pkey\"\nDETAIL:  Key"
                        + " (snapshot_id)=(7) already exists.\n",
                "Failed to execute query \"UPDATE \"public\".\"t\" SET x = 1\": ERROR:  could not serialize access due to"
                        + " concurrent update\n",
                "TransactionContext Error: Failed to commit: database is locked"
            })
    void anotherTransactionWasFirst(String text) {
        assertThat(said(text).tellsOfConflict()).isTrue();
        assertThat(said(text).tellsOfLostConnection()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                LOST,
                "TransactionContext Error: Failed to commit: Failed to execute query \"ROLLBACK\": ",
                "Invalid Input Error: Attempting to fetch from an unsuccessful query result\nError: Invalid Error: Failed to"
                        + " prepare COPY \"COPY (SELECT 1) TO STDOUT (FORMAT \"binary\");\": server closed the connection"
                        + " unexpectedly\n",
                "IO Error: Failed to query most recent snapshot for DuckLake: Unable to connect to Postgres at \"host=h\":"
                        + " connection to server at \"127.0.0.1\", port 5432 failed: Connection refused\n\tIs the server"
                        + " running on that host and accepting TCP/IP connections?\n",
                "Invalid Input Error: Attempting to fetch from an unsuccessful query result\nError: TransactionContext Error:"
                        + " Current transaction is aborted (please ROLLBACK)",
                "INTERNAL Error: Attempted to access index 0 within vector of size 0\n\nStack Trace:\n\n"
                        + "ducklake.duckdb_extension(_ZN6duckdb25DuckLakeInlinedDataReader17TryInitializeScanERNS+0x116c)",
                "Binder Error: Failed to prepare query \"SELECT 1\": FATAL:  terminating connection due to administrator"
                        + " command\n"
            })
    void theConnectionWasLost(String text) {
        assertThat(said(text).tellsOfLostConnection()).isTrue();
        assertThat(said(text).tellsOfConflict()).isFalse();
        assertThatThrownBy(() -> said(text).requireAboutData()).isInstanceOf(StatementException.class);
    }

    @Test
    void whatAQueryHoldsIsNotTakenForAnAnswer() {
        StatementException refused =
                said("Failed to execute query \"INSERT INTO ledger VALUES ('duplicate key', 'server"
                        + " closed the connection')\": ERROR:  permission denied for table ledger\n");
        assertThat(refused.tellsOfConflict()).isFalse();
        assertThat(refused.tellsOfLostConnection()).isFalse();
        assertThat(refused.reason()).isEqualTo("ERROR:  permission denied for table ledger");
    }

    @Test
    void theReasonIsALine() {
        assertThat(said(LOST).reason()).isEqualTo("server closed the connection unexpectedly");
        assertThat(said("Failed to execute query \"ROLLBACK\": ").reason())
                .isEqualTo("the connection to the catalog was lost");
        assertThat(said(FAILED + "Transaction conflict - b").reason()).isEqualTo("Transaction conflict - b");
        assertThat(said("Binder Error: no such column\n\nLINE 1: SELECT x").reason())
                .isEqualTo("Binder Error: no such column");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                NO_STORE,
                "IO Error: Timeout was reached error for HTTP GET to 'http://127.0.0.1:9000/staging/a.parquet'",
                "HTTP Error: HTTP GET error reading 's3://staging/a.parquet' in region 'us-east-1' (HTTP 403 Forbidden)",
                "HTTP Error: Unable to connect to URL s3://lake/w.parquet: Service Unavailable (HTTP code 503)"
            })
    void aStoreThatIsAwayIsNoFaultOfTheFile(String text) {
        assertThatThrownBy(() -> said(text).requireAboutData()).isInstanceOf(StatementException.class);
        assertThat(said(text).tellsOfLostConnection()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP Error: HTTP GET error reading 's3://staging/a.parquet' in region 'us-east-1' (HTTP 404 Not Found)",
                "Invalid Input Error: File 's3://staging/a.parquet' too small to be a Parquet file",
                "IO Error: Cannot open file \"/staging/a.parquet\": No such file or directory"
            })
    void whatIsAboutTheFilePasses(String text) {
        assertThatCode(() -> said(text).requireAboutData()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INTERNAL Error: Attempted to access index 3 within vector of size 3",
                "FATAL Error: Failed: database has been invalidated",
                "Out of Memory Error: could not allocate block of size 256.0 KiB (488.2 MiB/488.2 MiB used)"
            })
    void whatAFileMayHaveDoneToTheEnginePassesWhereThatIsAsked(String text) {
        assertThatThrownBy(() -> said(text).requireAboutData()).isInstanceOf(StatementException.class);
        assertThatCode(() -> said(text).requirePerhapsAboutData()).doesNotThrowAnyException();
        assertThat(said(text).tellsOfValues()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IO Error: Could not write file \"/lake/a.parquet\": No space left on device",
                "Permission Error: Cannot access file",
                "INTERNAL Error: x\n\nducklake.duckdb_extension(_ZN6duckdb25DuckLakeInlinedDataReader17TryInitializeScanERNS+0x1)"
            })
    void noValueExplainsAPlaceOrAServer(String text) {
        assertThat(said(text).tellsOfValues()).isFalse();
    }
}
