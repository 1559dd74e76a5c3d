package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves what a store makes of rare answers: what is repeated, what counts as done, and what is told to the caller. */
@Tag("slow")
class S3AnswersTest {
    private static final String KEY = "a/1.parquet";

    @TempDir
    private Path folder;

    private ScriptedS3 server;
    private S3Connection connection;
    private S3Store store;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedS3();
        connection = server.connection();
        store = new S3Store(connection, "staging", "");
    }

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    @Test
    void aCollisionOfTwoPutsIsRepeated() throws IOException {
        server.thenError(409, "ConditionalRequestConflict").then(200, "");

        assertThat(put()).isEqualTo(PutOutcome.CREATED);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void aPutWhoseAnswerWasLostIsDoneThoughItsObjectCannotBeRead() throws IOException {
        server.thenNoAnswer().thenError(412, "PreconditionFailed").then(403, "");

        assertThat(put()).isEqualTo(PutOutcome.ALREADY_THERE);
    }

    @Test
    void aPutThatFindsItsKeyTakenAtOnceCannotTellByWhat() throws IOException {
        server.thenError(412, "PreconditionFailed").then(403, "");

        assertThatThrownBy(this::put)
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll(KEY, "s3://staging", "taken", "new batch id", "s3:GetObject");
    }

    @Test
    void aPutThatTheCallerRepeatsIsItsOwn() throws IOException {
        for (int attempt = 0; attempt < 8; attempt++) {
            server.thenNoAnswer();
        }
        server.thenError(412, "PreconditionFailed").then(403, "");
        server.thenError(412, "PreconditionFailed").then(403, "");
        Path spool = Files.writeString(store.newSpoolFile(KEY), "content");

        assertThatThrownBy(() -> store.putIfAbsent(KEY, spool))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll(KEY, "8 attempts");
        assertThat(spool).hasContent("content");
        assertThat(store.putIfAbsent(KEY, spool)).isEqualTo(PutOutcome.ALREADY_THERE);
        assertThat(spool).doesNotExist();

        assertThatThrownBy(this::put).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void aDenialIsBelievedAtOnceUnlessTheServerWasAwayJustNow() throws IOException {
        server.thenError(403, "AccessDenied");
        assertThatThrownBy(this::put).isInstanceOf(AccessDeniedException.class);
        assertThat(server.requests()).hasSize(1);

        server.thenNoAnswer().thenError(403, "AccessDenied").then(200, "");
        assertThat(put()).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void aServerThatAsksForFewerRequestsIsAskedAgain() {
        server.thenError(503, "SlowDown")
                .thenError(503, "SlowDown")
                .then(200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");

        List<StoredObject> found = new ArrayList<>();
        store.list("", found::addAll);

        assertThat(found).isEmpty();
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void aServerWithoutBatchesDeletesOneByOne() {
        server.thenError(501, "NotImplemented").then(204, "").then(204, "");

        store.delete(List.of("a/1.parquet", "a/2.parquet"));

        assertThat(server.requests())
                .containsExactly("POST /staging?delete", "DELETE /staging/a/1.parquet", "DELETE /staging/a/2.parquet");
    }

    @Test
    void whatABatchLeavesIsDeletedOneByOneAndNamedWhenItCannotBe() {
        server.then(
                        200,
                        "<DeleteResult><Error><Key>a/1.parquet</Key><Code>InternalError</Code></Error>"
                                + "<Error><Key>a/2.parquet</Key><Code>AccessDenied</Code></Error></DeleteResult>")
                .then(204, "")
                .thenError(403, "AccessDenied");

        assertThatThrownBy(() -> store.delete(List.of("a/1.parquet", "a/2.parquet", "a/3.parquet")))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll("a/2.parquet", "s3:DeleteObject");
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void whatIsGoneAlreadyCountsAsDeleted() {
        server.thenError(404, "NoSuchKey");

        store.delete(List.of(KEY));

        assertThat(server.requests()).hasSize(1);
    }

    private PutOutcome put() throws IOException {
        return store.putIfAbsent(KEY, Files.writeString(folder.resolve("spool"), "content"));
    }
}
