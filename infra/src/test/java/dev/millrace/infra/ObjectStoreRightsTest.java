package dev.millrace.infra;

import static dev.millrace.infra.ObjectStoreServer.LAKE_BUCKET;
import static dev.millrace.infra.ObjectStoreServer.STAGING_BUCKET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Proves what each role may and may not do on the object store, every cell, against MinIO with the policies as they are. */
@Tag("slow")
class ObjectStoreRightsTest {
    private static final LocalServers SERVERS = LocalServers.shared();
    private static final ObjectStoreServer MINIO = SERVERS.minio();
    private static final S3Client ADMIN = S3Clients.of(MINIO, MINIO.admin());
    private static final String ORIGINAL = "as it was";

    private static final Map<String, S3Client> ACTORS = Map.of(
            "producer", S3Clients.of(MINIO, SERVERS.producer("flights")),
            "ingester", S3Clients.of(MINIO, MINIO.login(Role.INGESTER)),
            "cleaner", S3Clients.of(MINIO, MINIO.login(Role.CLEANER)),
            "analyst", S3Clients.of(MINIO, MINIO.login(Role.ANALYST)),
            "anyone", S3Clients.anonymous(MINIO));

    private static final List<String> ACTOR_ORDER = List.of("producer", "ingester", "cleaner", "analyst", "anyone");

    /** Three places for each actor: the staging area of the producer's own dataset, of another one, and the lake. */
    private static final List<String> PLACES = List.of("own", "other", "lake");

    /**
     * "+" is allowed, "-" is denied and changes nothing, "!" is refused since the object is there. MinIO can't hold a producer to
     * writing conditionally, so its OVERWRITE of own objects is allowed there.
     */
    private static final String RIGHTS = """
                                       producer    ingester    cleaner     analyst     anyone
            putNew                     + - -       - - +       - - +       - - -       - - -
            putNewIfAbsent             + - -       - - +       - - +       - - -       - - -
            overwrite                  + - -       - - +       - - +       - - -       - - -
            overwriteIfAbsent          ! - -       - - !       - - !       - - -       - - -
            get                        - - -       + + +       - - +       - - +       - - -
            head                       - - -       + + +       - - +       - - +       - - -
            list                       - - -       + + +       + + +       - - +       - - -
            delete                     - - -       - - -       + + +       - - -       - - -
            deleteBatch                - - -       - - -       + + +       - - -       - - -
            copyFrom                   - - -       + + +       - - +       - - -       - - -
            copyTo                     - - -       - - +       - - +       - - -       - - -
            multipartCreate            + - -       - - +       - - +       - - -       - - -
            multipartPart              + - -       - - +       - - +       - - -       - - -
            multipartComplete          + - -       - - +       - - +       - - -       - - -
            multipartCompleteIfAbsent  + - -       - - +       - - +       - - -       - - -
            multipartOverwriteIfAbsent ! - -       - - !       - - !       - - -       - - -
            multipartAbort             + - -       - - +       + + +       - - -       - - -
            multipartListParts         - - -       - - +       + + +       - - -       - - -
            multipartListUploads       - - -       - - -       + + +       - - -       - - -
            """;

    private static final Map<String, Consumer<S3Attempt>> OPERATIONS = Map.ofEntries(
            Map.entry("putNew", S3Attempt::putNew),
            Map.entry("putNewIfAbsent", S3Attempt::putNewIfAbsent),
            Map.entry("overwrite", S3Attempt::overwrite),
            Map.entry("overwriteIfAbsent", S3Attempt::overwriteIfAbsent),
            Map.entry("get", S3Attempt::get),
            Map.entry("head", S3Attempt::head),
            Map.entry("list", S3Attempt::list),
            Map.entry("delete", S3Attempt::delete),
            Map.entry("deleteBatch", S3Attempt::deleteBatch),
            Map.entry("copyFrom", S3Attempt::copyFrom),
            Map.entry("copyTo", S3Attempt::copyTo),
            Map.entry("multipartCreate", S3Attempt::multipartCreate),
            Map.entry("multipartPart", S3Attempt::multipartPart),
            Map.entry("multipartComplete", S3Attempt::multipartComplete),
            Map.entry("multipartCompleteIfAbsent", S3Attempt::multipartCompleteIfAbsent),
            Map.entry("multipartOverwriteIfAbsent", S3Attempt::multipartOverwriteIfAbsent),
            Map.entry("multipartAbort", S3Attempt::multipartAbort),
            Map.entry("multipartListParts", S3Attempt::multipartListParts),
            Map.entry("multipartListUploads", S3Attempt::multipartListUploads));

    @ParameterizedTest(name = "{0}: {1} {2} {3}")
    @MethodSource("cells")
    void eachMayDoWhatItsRoleNeedsAndNothingElse(String actor, String operation, String place, String right) {
        String bucket = place.equals("lake") ? LAKE_BUCKET : STAGING_BUCKET;
        String prefix = place.equals("other") ? "weather/" : "flights/";
        String key = prefix + "p-1/" + UUID.randomUUID() + ".parquet";
        String newKey = prefix + "p-1/" + UUID.randomUUID() + ".parquet";
        ADMIN.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString(ORIGINAL));
        S3Attempt attempt = new S3Attempt(ACTORS.get(actor), ADMIN, bucket, key, newKey);

        int status = status(() -> OPERATIONS.get(operation).accept(attempt));

        assertThat(status)
                .isEqualTo(
                        switch (right) {
                            case "+" -> 200;
                            case "!" -> 412;
                            default -> 403;
                        });
        if (!right.equals("+")) {
            assertThat(ADMIN.getObjectAsBytes(b -> b.bucket(bucket).key(key)).asUtf8String())
                    .isEqualTo(ORIGINAL);
            assertThat(status(() -> ADMIN.headObject(b -> b.bucket(bucket).key(newKey))))
                    .isEqualTo(404);
        }
    }

    static Stream<Arguments> cells() {
        return rows().entrySet().stream()
                .flatMap(row -> IntStream.range(0, row.getValue().size())
                        .mapToObj(i -> Arguments.of(
                                ACTOR_ORDER.get(i / PLACES.size()),
                                row.getKey(),
                                PLACES.get(i % PLACES.size()),
                                row.getValue().get(i))));
    }

    @Test
    void noCellIsLeftOut() {
        Set<String> tried = Arrays.stream(S3Attempt.class.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 0 && method.getReturnType() == void.class)
                .map(method -> method.getName())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(rows()).containsOnlyKeys(tried).allSatisfy((operation, rights) -> assertThat(rights)
                .hasSize(ACTOR_ORDER.size() * PLACES.size()));
        assertThat(OPERATIONS).containsOnlyKeys(tried);
    }

    @Test
    void aProducerOfOneDatasetIsNoneOfAnotherWhoseNameBeginsAlike() {
        try (S3Client producer = S3Clients.of(MINIO, SERVERS.producer("flights"))) {
            assertThat(status(() -> producer.putObject(
                            b -> b.bucket(STAGING_BUCKET).key("flights_2/p-1/1.parquet"), RequestBody.fromString("1"))))
                    .isEqualTo(403);
        }
    }

    @Test
    void aWrongSecretIsRefused() {
        try (S3Client stranger = S3Clients.of(MINIO, new Login("cleaner", "not-the-secret"))) {
            assertThat(status(() -> stranger.listObjectsV2(b -> b.bucket(LAKE_BUCKET))))
                    .isEqualTo(403);
        }
    }

    /** On the day that this fails, MinIO can enforce what roles/policies/aws does. */
    @Test
    void minioCannotHoldProducersToConditionalWrites() throws IOException {
        String policy = Files.readString(Path.of("roles", "policies", "aws", "staging-bucket.json"));

        assertThatThrownBy(() ->
                        ADMIN.putBucketPolicy(b -> b.bucket(STAGING_BUCKET).policy(policy)))
                .isInstanceOf(S3Exception.class)
                .hasMessageContaining("invalid condition key");
    }

    private static Map<String, List<String>> rows() {
        return RIGHTS.lines()
                .skip(1)
                .map(line -> List.of(line.strip().split("\\s+")))
                .collect(Collectors.toMap(words -> words.get(0), words -> words.subList(1, words.size())));
    }

    private static int status(Runnable request) {
        try {
            request.run();
            return 200;
        } catch (S3Exception e) {
            return e.statusCode();
        } catch (SdkException e) {
            throw new AssertionError(e);
        }
    }
}
