package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.IOUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Proves on MinIO and on SeaweedFS what is of S3 alone: large objects, copies on the server, other programs' objects, keys. */
@Tag("slow")
class S3StoreTest {
    private static final long LARGE_BYTES = (35L << 20) + 7;

    @TempDir
    private Path folder;

    private StoreStand stand;
    private ObjectStore store;

    private void on(StoreStand given) {
        stand = given;
        store = given.store(folder, "staging");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVED", "SEAWEEDFS"})
    void aLargeObjectIsPutInPartsOnceAndFoundAfterwards(StoreStand given) throws IOException {
        on(given);

        assertThat(store.putIfAbsent("a/1.parquet", large('x'))).isEqualTo(PutOutcome.CREATED);
        assertThat(store.putIfAbsent("a/1.parquet", large('x'))).isEqualTo(PutOutcome.ALREADY_THERE);
        Path other = large('y');
        assertThatThrownBy(() -> store.putIfAbsent("a/1.parquet", other)).isInstanceOf(KeyConflictException.class);

        assertThat(other).exists();
        assertThat(store.find("a/1.parquet").orElseThrow().sizeBytes()).isEqualTo(LARGE_BYTES);
        try (InputStream there = store.open("a/1.parquet");
                InputStream here = Files.newInputStream(large('x'))) {
            assertThat(IOUtils.contentEquals(there, here)).isTrue();
        }
        assertThat(stand.everything(store)).containsExactly("a/1.parquet");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVED", "SEAWEEDFS"})
    void anObjectThatIsReadInPartOnlyLetsTheConnectionGo(StoreStand given) throws IOException {
        on(given);
        store.putIfAbsent("a/1.parquet", large('x'));

        // More often than there are connections.
        for (int i = 0; i < 70; i++) {
            try (InputStream in = store.open("a/1.parquet")) {
                assertThat(in.read()).isGreaterThanOrEqualTo(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVED", "SEAWEEDFS"})
    void aCopyOfManyPartsIsTheSameAndNeverOverwrites(StoreStand given) throws IOException {
        on(given);
        store.putIfAbsent("a/1.parquet", large('x'));
        store.putIfAbsent("a/2.parquet", large('y'));
        S3Copy copy = copyBy(16L << 20);
        S3Comparison source = comparison();

        assertThat(copy.copyIfAbsent(source, source.look("a/1.parquet").orElseThrow(), "a/1.parquet", "lake/1.parquet"))
                .isEqualTo(PutOutcome.CREATED);
        assertThat(copy.copyIfAbsent(source, source.look("a/1.parquet").orElseThrow(), "a/1.parquet", "lake/1.parquet"))
                .isEqualTo(PutOutcome.ALREADY_THERE);
        assertThatThrownBy(() -> copy.copyIfAbsent(
                        source, source.look("a/2.parquet").orElseThrow(), "a/2.parquet", "lake/1.parquet"))
                .isInstanceOf(KeyConflictException.class)
                .hasMessageContaining("lake/1.parquet");

        assertThat(store.putIfAbsent("lake/1.parquet", large('x'))).isEqualTo(PutOutcome.ALREADY_THERE);
        assertThat(stand.everything(store)).containsExactly("a/1.parquet", "a/2.parquet", "lake/1.parquet");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVED", "SEAWEEDFS"})
    void copiesFromAndToADirectory(StoreStand given) throws IOException {
        on(given);
        DirectoryStore directory = DirectoryStore.create(folder.resolve("directory"));
        store.putIfAbsent("a/1.parquet", spool("one"));

        assertThat(directory.copyIfAbsent(store, "a/1.parquet", "b/1.parquet")).isEqualTo(PutOutcome.CREATED);
        assertThat(store.copyIfAbsent(directory, "b/1.parquet", "c/1.parquet")).isEqualTo(PutOutcome.CREATED);
        assertThat(store.copyIfAbsent(directory, "b/1.parquet", "a/1.parquet")).isEqualTo(PutOutcome.ALREADY_THERE);

        assertThat(text("c/1.parquet")).isEqualTo("one");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVED", "SEAWEEDFS"})
    void anEmptyObjectIsPutAndCopied(StoreStand given) throws IOException {
        on(given);

        assertThat(store.putIfAbsent("a/empty", spool(""))).isEqualTo(PutOutcome.CREATED);
        assertThat(store.copyIfAbsent(store, "a/empty", "b/empty")).isEqualTo(PutOutcome.CREATED);
        assertThat(store.copyIfAbsent(store, "a/empty", "b/empty")).isEqualTo(PutOutcome.ALREADY_THERE);
        assertThat(text("b/empty")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVED", "SEAWEEDFS"})
    void anObjectOfAnotherProgramIsComparedByReadingIt(StoreStand given) throws IOException {
        on(given);
        stand.write(store, "a/1.parquet", "one");

        assertThat(store.putIfAbsent("a/1.parquet", spool("one"))).isEqualTo(PutOutcome.ALREADY_THERE);
        Path other = spool("eno");
        assertThatThrownBy(() -> store.putIfAbsent("a/1.parquet", other)).isInstanceOf(KeyConflictException.class);
        assertThat(store.copyIfAbsent(store, "a/1.parquet", "b/1.parquet")).isEqualTo(PutOutcome.CREATED);
        assertThat(store.copyIfAbsent(store, "a/1.parquet", "b/1.parquet")).isEqualTo(PutOutcome.ALREADY_THERE);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVED", "SEAWEEDFS"})
    void aKeyWithAControlCharacterIsListedAndHidesNoOther(StoreStand given) throws IOException {
        on(given);
        stand.write(store, "odd/a\u0001b.parquet", "one");
        stand.write(store, "odd/good+1.parquet", "two");

        List<String> listed = new ArrayList<>();
        store.list("odd/", page -> page.forEach(object -> listed.add(object.key())));

        assertThat(listed).containsExactlyInAnyOrder("odd/a\u0001b.parquet", "odd/good+1.parquet");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVED", "SEAWEEDFS"})
    void everyReadableKeyGoesThereAndBack(StoreStand given) throws IOException {
        on(given);
        for (String key : AwkwardKeys.readable()) {
            assertThat(store.putIfAbsent(key, spool(key))).as(key).isEqualTo(PutOutcome.CREATED);
        }
        List<String> listed = new ArrayList<>();
        store.list("awkward/", page -> page.forEach(object -> listed.add(object.key())));
        assertThat(listed).containsExactlyInAnyOrderElementsOf(AwkwardKeys.readable());
        for (String key : AwkwardKeys.readable()) {
            assertThat(store.find(key)).as(key).isPresent();
            assertThat(text(key)).isEqualTo(key);
            assertThat(store.copyIfAbsent(store, key, "copied/" + key)).as(key).isEqualTo(PutOutcome.CREATED);
            assertThat(text("copied/" + key)).isEqualTo(key);
        }
        store.delete(AwkwardKeys.readable());
        store.delete(AwkwardKeys.readable().stream().map(key -> "copied/" + key).toList());
        assertThat(stand.everything(store)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVED", "SEAWEEDFS"})
    void keysThatTheEngineWouldInterpretAreRefused(StoreStand given) {
        on(given);
        assertThat(AwkwardKeys.interpreted()).allSatisfy(key -> {
            assertThatThrownBy(() -> store.address(key)).hasMessageContaining("is refused");
            assertThatThrownBy(() -> store.putIfAbsent(key, spool("x"))).hasMessageContaining("is refused");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVED", "SEAWEEDFS"})
    void anUploadThatNobodyEndsIsRemovedWhenItIsOldEnough(StoreStand given) throws IOException {
        on(given);
        String inBucket = store.address("a/1.parquet").substring("s3://staging/".length());
        client().createMultipartUpload(r -> r.bucket("staging").key(inBucket));
        assertThat(stand.everything(store)).containsExactly("a/1.parquet (upload)");

        assertThat(at(Duration.ofMinutes(59)).removeAbandonedPuts("", Duration.ofHours(1)))
                .isZero();
        assertThat(at(Duration.ofMinutes(61)).removeAbandonedPuts("b/", Duration.ofHours(1)))
                .isZero();
        assertThat(at(Duration.ofMinutes(61)).removeAbandonedPuts("a/", Duration.ofHours(1)))
                .isEqualTo(1);

        assertThat(stand.everything(store)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVED", "SEAWEEDFS"})
    void manyFoldersAndManyPagesAreListedWhole(StoreStand given) throws IOException {
        on(given);
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 1_050; i++) {
            keys.add("few/p" + i % 3 + "/" + i);
            keys.add("many/p" + i % 150 + "/" + i);
        }
        keys.add("few/top");
        keys.parallelStream().forEach(key -> {
            try {
                stand.write(store, key, "x");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        stand.write(store, "few/.hidden/1", "x");

        assertThat(listed("few/")).containsExactlyInAnyOrderElementsOf(below(keys, "few/"));
        assertThat(listed("many/")).containsExactlyInAnyOrderElementsOf(below(keys, "many/"));
        assertThat(listed("")).containsExactlyInAnyOrderElementsOf(keys);
        assertThatThrownBy(() -> store.list("", page -> {
                    throw new IllegalStateException("the consumer has seen enough");
                }))
                .hasMessage("the consumer has seen enough");
    }

    private List<String> listed(String prefix) {
        List<String> listed = new ArrayList<>();
        Thread caller = Thread.currentThread();
        store.list(prefix, page -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            page.forEach(object -> listed.add(object.key()));
        });
        return listed;
    }

    private static List<String> below(List<String> keys, String prefix) {
        return keys.stream().filter(key -> key.startsWith(prefix)).toList();
    }

    private ObjectStore at(Duration later) {
        return stand.store(folder, "staging", Clock.fixed(Instant.now().plus(later), ZoneOffset.UTC));
    }

    private S3Client client() {
        return stand.connection().client();
    }

    private S3Comparison comparison() {
        return new S3Comparison(
                client(), place(), new S3Failures(stand.connection().endpoint(), "staging"));
    }

    private S3Copy copyBy(long partBytes) {
        return new S3Copy(
                client(),
                comparison(),
                partBytes,
                new S3Failures(stand.connection().endpoint(), "staging"));
    }

    private S3Place place() {
        return S3Place.of("staging", store.root().substring("s3://staging/".length()));
    }

    private Path spool(String content) throws IOException {
        return Files.writeString(store.newSpoolFile("a/1.parquet"), content);
    }

    private Path large(char lastByte) throws IOException {
        Path file = Files.createTempFile(folder, "large", "");
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(LARGE_BYTES);
            content.seek(LARGE_BYTES - 1);
            content.write(lastByte);
        }
        return file;
    }

    private String text(String key) throws IOException {
        try (InputStream in = store.open(key)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
