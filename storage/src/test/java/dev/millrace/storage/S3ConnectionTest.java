package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Login;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.Credentials;

/** Proves on MinIO where keys come from and how they change, that TLS is spoken, and that no failure shows a secret. */
@Tag("slow")
class S3ConnectionTest {
    private static final String SECRET = "canary-of-a-secret-key";

    @TempDir
    private Path folder;

    private final S3Endpoint minio = StoreStand.SERVED.connection().endpoint();
    private final Login admin = LocalServers.shared().minio().admin();

    @Test
    void keysComeFromTheGivenEnvironment() {
        try (S3Connection connection = S3Connection.open(minio, environment(admin.name(), admin.secret()))) {
            assertThat(connection.credentials())
                    .isEqualTo(new S3Credentials(admin.name(), admin.secret(), Optional.empty(), Optional.empty()))
                    .asString()
                    .doesNotContain(admin.secret());
            list(connection);
        }
    }

    @Test
    void halfAPairOfKeysIsNamed() {
        assertThatThrownBy(() -> S3Connection.open(minio, Map.of(S3KeyChain.ACCESS_KEY, "somebody")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("AWS_SECRET_ACCESS_KEY is not");
        assertThatThrownBy(() ->
                        S3Connection.open(minio, Map.of(S3KeyChain.ACCESS_KEY, " ", S3KeyChain.SECRET_KEY, SECRET)))
                .hasMessageContaining("AWS_ACCESS_KEY_ID is not")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void keysOfAProfileAreFoundAndTheirAbsenceSaysWhereTheyMayBe() throws Exception {
        Path profiles = Files.writeString(
                folder.resolve("credentials"),
                "[stand]\naws_access_key_id = " + admin.name() + "\naws_secret_access_key = " + admin.secret() + "\n");
        Map<String, String> environment = Map.of(
                "AWS_SHARED_CREDENTIALS_FILE",
                profiles.toString(),
                S3KeyChain.PROFILE,
                "stand",
                "AWS_EC2_METADATA_DISABLED",
                "true");
        assertThat(listInAnotherProcess(minio.address(), List.of(), environment))
                .contains("objects: 0");

        Map<String, String> another = Map.of("AWS_EC2_METADATA_DISABLED", "true", "HOME", folder.toString());
        assertThat(listInAnotherProcess(minio.address(), List.of("-Duser.home=" + folder.toAbsolutePath()), another))
                .contains("no keys for the S3 service", "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "web identity")
                .doesNotContain("objects");
    }

    @Test
    void keysForATimeAreGivenWithTheirTokenAndEnd() {
        try (StsClient sts = sts()) {
            Credentials given = sts.assumeRole(r -> r.roleArn("arn:aws:iam::0:role/any")
                            .roleSessionName("test")
                            .durationSeconds(900))
                    .credentials();
            Map<String, String> environment = Map.of(
                    S3KeyChain.ACCESS_KEY, given.accessKeyId(),
                    S3KeyChain.SECRET_KEY, given.secretAccessKey(),
                    S3KeyChain.SESSION_TOKEN, given.sessionToken());
            try (S3Connection connection = S3Connection.open(minio, environment)) {
                assertThat(connection.credentials().sessionToken()).contains(given.sessionToken());
                list(connection);
            }
            StsAssumeRoleCredentialsProvider renewing = StsAssumeRoleCredentialsProvider.builder()
                    .stsClient(sts)
                    .refreshRequest(r -> r.roleArn("arn:aws:iam::0:role/any")
                            .roleSessionName("test")
                            .durationSeconds(900))
                    .build();
            try (S3Connection connection = new S3Connection(minio, renewing)) {
                assertThat(connection.credentials().expiresAt().orElseThrow())
                        .isBetween(Instant.now(), Instant.now().plus(Duration.ofMinutes(16)));
                list(connection);
            }
        }
    }

    @Test
    void keysThatChangeAreUsedAsTheyAre() {
        AtomicReference<AwsCredentials> now = new AtomicReference<>();
        try (S3Connection connection = new S3Connection(minio, now::get)) {
            now.set(AwsBasicCredentials.create(admin.name(), admin.secret()));
            list(connection);
            now.set(AwsBasicCredentials.create("expired", SECRET));
            assertThatThrownBy(() -> list(connection))
                    .isExactlyInstanceOf(StorageException.class)
                    .hasMessageContainingAll("InvalidAccessKeyId", "not those of a user");
            now.set(AwsBasicCredentials.create(admin.name(), admin.secret()));
            list(connection);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong secret", "wrong key", "no bucket", "refused", "unknown host", "plain for TLS"})
    void aFailureNamesThePlaceAndShowsNoSecret(String what) {
        S3Endpoint place =
                switch (what) {
                    case "refused" -> endpoint("http://127.0.0.1:1");
                    case "unknown host" -> endpoint("http://nowhere.invalid:9000");
                    case "plain for TLS" -> endpoint("https://" + minio.authority());
                    default -> minio;
                };
        String name = what.equals("wrong key") ? "nobody" : admin.name();
        String secret = what.equals("no bucket") ? admin.secret() : SECRET;
        String bucket = what.equals("no bucket") ? "no-such-bucket" : "staging";
        try (S3Connection connection = S3Connection.open(place, environment(name, secret))) {
            S3Store store = new S3Store(connection, bucket, "x");
            assertThatThrownBy(() -> store.putIfAbsent("a/1.parquet", Files.writeString(folder.resolve("f"), "x")))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContainingAll("'a/1.parquet'", "s3://" + bucket + "/x", what(what))
                    .satisfies(failure -> assertThat(allOf(failure)).doesNotContain(secret));
        }
    }

    @Test
    void tlsIsSpokenToWhomTheJvmTrusts() throws Exception {
        try (TlsFront front = new TlsFront(folder, minio.address().getPort())) {
            URI address = URI.create("https://127.0.0.1:" + front.port());
            Map<String, String> environment = environment(admin.name(), admin.secret());

            assertThat(listInAnotherProcess(address, front.trustingOptions(), environment))
                    .contains("objects: 0");
            assertThat(listInAnotherProcess(address, List.of(), environment))
                    .contains("no TLS connection to " + address, "trustStore")
                    .doesNotContain(admin.secret());
        }
    }

    @Test
    void fiveThousandObjectsAreListedInASmallHeap() throws Exception {
        ObjectStore store = StoreStand.SERVED.store(folder, "staging");
        for (int i = 0; i < 5_000; i++) {
            StoreStand.SERVED.write(store, "flights/p" + i % 5 + "/" + i, "x");
        }
        String prefix = store.root().substring("s3://staging/".length());

        assertThat(StoreProcess.run(
                        List.of("-Xmx32m"),
                        environment(admin.name(), admin.secret()),
                        minio.address().toString(),
                        "staging",
                        prefix,
                        "flights/"))
                .contains("objects: 5000");
    }

    private String listInAnotherProcess(URI address, List<String> options, Map<String, String> environment)
            throws IOException, InterruptedException {
        return StoreProcess.run(options, environment, address.toString(), "staging", "", "nothing/");
    }

    private static void list(S3Connection connection) {
        new S3Store(connection, "staging", "").list("nothing/", page -> {});
    }

    private StsClient sts() {
        return StsClient.builder()
                .endpointOverride(minio.address())
                .region(Region.of(minio.region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(admin.name(), admin.secret())))
                .build();
    }

    private static S3Endpoint endpoint(String address) {
        return new S3Endpoint(URI.create(address), "us-east-1", true);
    }

    private static Map<String, String> environment(String accessKey, String secretKey) {
        return Map.of(S3KeyChain.ACCESS_KEY, accessKey, S3KeyChain.SECRET_KEY, secretKey);
    }

    private static String what(String failure) {
        return switch (failure) {
            case "wrong secret" -> "SignatureDoesNotMatch";
            case "wrong key" -> "InvalidAccessKeyId";
            case "no bucket" -> "create the bucket 'no-such-bucket'";
            case "refused" -> "no connection to http://127.0.0.1:1";
            case "unknown host" -> "unknown host";
            default -> "does not speak TLS";
        };
    }

    private static String allOf(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
