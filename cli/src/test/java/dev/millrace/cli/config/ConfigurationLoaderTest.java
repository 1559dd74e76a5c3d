package dev.millrace.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.ingester.ChecksumVerification;
import dev.millrace.lake.PostgresAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves where the configuration is looked for, what overrides what, and that nothing wrong in it is let through. */
class ConfigurationLoaderTest {
    @TempDir
    Path folder;

    @Test
    void withoutAnythingTheDefaultsCountFromTheWorkingDirectory() {
        Configuration configuration = load(Map.of());

        assertThat(configuration.staging()).isEqualTo(new StorageAddress.Directory(folder.resolve("staging")));
        assertThat(configuration.lake().catalog()).isEqualTo(new CatalogAddress.Sqlite(folder.resolve("lake.sqlite")));
        assertThat(configuration.lake().data()).isEqualTo(new StorageAddress.Directory(folder.resolve("lake")));
        assertThat(configuration.contracts()).isEqualTo(folder.resolve("contracts"));
        assertThat(configuration.ingest())
                .isEqualTo(new Configuration.Ingest(
                        512_000_000L,
                        5_000,
                        16,
                        new Configuration.StagedFileLimits(
                                64_000_000L, 10_000, 64, 4_000_000_000L, 100_000_000, 1_000_000_000),
                        ChecksumVerification.AUTO,
                        100,
                        10_000_000_000L,
                        Duration.ofSeconds(30),
                        Duration.ofHours(24),
                        Duration.ofMinutes(5),
                        false));
        assertThat(configuration.compact())
                .isEqualTo(new Configuration.Compact(
                        256_000_000L,
                        Duration.ofHours(12),
                        new Configuration.CompactBudget(100_000_000_000L, 200_000, Duration.ofHours(1), 256_000_000L),
                        Duration.ofDays(7),
                        100_000,
                        Duration.ofDays(2),
                        Duration.ofMinutes(5),
                        new Configuration.Orphans(Duration.ofDays(2), 10, Duration.ofDays(1))));
        assertThat(configuration.s3().pathStyle()).isTrue();
    }

    @Test
    void theExampleFileHasEveryKeyWithItsDefault() throws IOException {
        Path example = Path.of("..", "millrace.example.yaml").toAbsolutePath().normalize();
        Path copy = write("millrace.yaml", Files.readString(example));

        assertThat(load(Map.of(), copy)).isEqualTo(new ConfigurationLoader(Map.of(), folder).load(Optional.empty()));
        assertThat(SettingsFile.read(copy)).containsOnlyKeys(ConfigurationKey.values());
        assertThat(SettingsFile.read(copy).values()).allSatisfy(setting -> assertThat(setting.text())
                .isEqualTo(setting.key().defaultText()));
    }

    @Test
    void relativePathsCountFromTheFile() throws IOException {
        Path file = write("elsewhere/my.yaml", "staging: in\nlake: {catalog: 'sqlite:cat.db', data: out}\n");

        Configuration configuration = load(Map.of(), file);

        assertThat(configuration.staging())
                .hasToString(folder.resolve("elsewhere/in").toString());
        assertThat(configuration.lake().catalog()).hasToString("sqlite:" + folder.resolve("elsewhere/cat.db"));
        assertThat(configuration.lake().data())
                .hasToString(folder.resolve("elsewhere/out").toString());
    }

    @Test
    void theOptionGoesBeforeTheVariableAndThatBeforeTheWorkingDirectory() throws IOException {
        write("millrace.yaml", "staging: of-working-directory\n");
        Path ofVariable = write("variable.yaml", "staging: of-variable\n");
        Path ofOption = write("option.yaml", "staging: of-option\n");
        Map<String, String> variable = Map.of("MILLRACE_CONFIG", ofVariable.toString());

        assertThat(load(Map.of("MILLRACE_CONFIG", "")).staging().toString()).endsWith("of-working-directory");
        assertThat(load(variable).staging().toString()).endsWith("of-variable");
        assertThat(load(variable, ofOption).staging().toString()).endsWith("of-option");
    }

    @Test
    void aVariableOverridesTheFile() throws IOException {
        Path file = write("m.yaml", "compact: {target-file: 1MB}\ningest: {settle: 1s}\n");

        Configuration configuration =
                load(Map.of("MILLRACE_COMPACT_TARGET_FILE", "64MiB", "MILLRACE_INGEST_SETTLE", "", "HOME", "/"), file);

        assertThat(configuration.compact().targetFileBytes()).isEqualTo(64L << 20);
        assertThat(configuration.ingest().settle()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aVariableThatIsNoKeyIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> load(Map.of("MILLRACE_LAKE_CATALOGUE", "x")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("MILLRACE_LAKE_CATALOGUE")
                .hasMessageContaining("did you mean 'MILLRACE_LAKE_CATALOG'");
        assertThat(load(Map.of("MILLRACE_CACHE", "/c", "MILLRACE_JAVA_OPTS", "-Xmx1g", "MILLRACE_POSTGRES", "system")))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stagin: x | :1: unknown key 'stagin', did you mean 'staging'",
                "lake: {dta: x} | unknown key 'lake.dta', did you mean 'lake.data'",
                "ingest: {settle: soon} | :1: ingest.settle is 'soon'; allowed is whole numbers with the units",
                "ingest: {settle: 30} | ingest.settle is '30'; allowed is",
                "ingest: {lease: 10ms} | allowed is at least 1s",
                "ingest: {max-batch-bytes: 512} | allowed is a whole number with a unit",
                "ingest: {max-batch-files: 0} | allowed is a whole number from 1",
                "compact: {max-orphan-share: 110%} | allowed is a whole percentage from 0% to 100%",
                "compact: {max-orphan-share: 5} | allowed is a whole percentage from 0% to 100%",
                "s3: {path-style: yes} | allowed is true or false",
                "s3: {endpoint: 'minio:9000'} | allowed is an address such as http://127.0.0.1:9000",
                "staging: 'gs://bucket/x' | allowed is a directory or s3://bucket/prefix",
                "staging: 's3://B/x' | allowed is s3://bucket/prefix",
                "staging: '~/staging' | '~'",
                "staging: [a, b] | staging takes one value",
                "lake: here | lake takes keys of its own",
                "staging: | has no value",
                "lake: {catalog: 'mysql:x'} | allowed is sqlite:PATH or postgres://",
                "- a list | made of 'key: value' lines",
                "staging: [ | staging takes one value",
                "staging: x: y | is not valid YAML"
            })
    void whatCannotBeUsedIsRefusedWithPlaceValueAndWhatIsAllowed(String yaml, String message) throws IOException {
        Path file = write("bad.yaml", yaml + "\n");

        assertThatThrownBy(() -> load(Map.of(), file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void theLineOfABadValueIsNamedAndForAVariableItsName() throws IOException {
        Path file = write("bad.yaml", "# a comment\nstaging: x\ncompact:\n  grace: never\n");

        assertThatThrownBy(() -> load(Map.of(), file)).hasMessageContaining(file + ":4: compact.grace is 'never'");
        assertThatThrownBy(() -> load(Map.of("MILLRACE_COMPACT_GRACE", "7")))
                .hasMessageContaining("the environment variable MILLRACE_COMPACT_GRACE: compact.grace is '7'");
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() throws IOException {
        Path file = write("bad.yaml", "staging: a\nstaging: b\n");

        assertThatThrownBy(() -> load(Map.of(), file)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void secretsAreRefusedAndNotRepeated() throws IOException {
        Path url = write("url.yaml", "lake: {catalog: 'postgres://me:hunter2@host:5432/lake'}\n");
        Path key = write("key.yaml", "s3: {secret-key: hunter2}\n");

        assertThatThrownBy(() -> load(Map.of(), url))
                .hasMessageContaining("PGPASSWORD")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> load(Map.of(), key))
                .hasMessageContaining("AWS_SECRET_ACCESS_KEY")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> load(Map.of("MILLRACE_S3_SECRET_KEY", "hunter2")))
                .hasMessageContaining("AWS_SECRET_ACCESS_KEY")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> load(Map.of("MILLRACE_LAKE_CATALOG", "postgres://me:hunter2@host/lake")))
                .hasMessageContaining("PGPASSWORD")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "lake/staging, lake",
        "lake, lake",
        "work, work/lake",
        "s3://bucket/lake/in, s3://bucket/lake",
        "s3://bucket, s3://bucket/lake"
    })
    void stagingAndDataMustNotOverlap(String staging, String data) {
        assertThatThrownBy(() -> load(Map.of("MILLRACE_STAGING", staging, "MILLRACE_LAKE_DATA", data)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("overlap")
                .hasMessageContaining("staged files would be lost");
    }

    @Test
    void anOverlapThroughASymbolicLinkIsSeen() throws IOException {
        Path lake = Files.createDirectory(folder.resolve("lake"));
        Files.createSymbolicLink(folder.resolve("link"), lake);

        assertThatThrownBy(() -> load(Map.of("MILLRACE_STAGING", "link/staging")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("overlap");
    }

    @Test
    void neighboursWithTheSameBeginningDoNotOverlap() {
        assertThat(load(Map.of("MILLRACE_STAGING", "lake-staging"))).isNotNull();
        assertThat(load(Map.of("MILLRACE_STAGING", "s3://b42/lake2", "MILLRACE_LAKE_DATA", "s3://b42/lake")))
                .isNotNull();
    }

    @Test
    void theDatabaseIsCompletedByTheUsualVariables() {
        Configuration configuration = load(Map.of("MILLRACE_LAKE_CATALOG", "postgres://db.example/lake"));
        PostgresAddress address = ((CatalogAddress.Postgres)
                        configuration.lake().catalog())
                .with(Map.of("PGUSER", "ingester", "PGPORT", "5433", "PGHOST", "not-this-one"));

        assertThat(address).hasToString("postgres://ingester@db.example:5433/lake");
        assertThatThrownBy(() -> load(Map.of("MILLRACE_LAKE_CATALOG", "postgres://db.example/lake?sslmod=require")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("MILLRACE_LAKE_CATALOG")
                .hasMessageContaining("sslmod");
    }

    @Test
    void aFileThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> load(Map.of(), Path.of("no.yaml")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--config")
                .hasMessageContaining(folder.resolve("no.yaml").toString());
        assertThatThrownBy(() -> load(Map.of("MILLRACE_CONFIG", "no.yaml"))).hasMessageContaining("MILLRACE_CONFIG");
    }

    @Test
    void anEmptyFileMeansTheDefaults() throws IOException {
        assertThat(load(Map.of(), write("empty.yaml", "# nothing\n"))).isEqualTo(load(Map.of()));
    }

    private Configuration load(Map<String, String> environment) {
        return new ConfigurationLoader(environment, folder).load(Optional.empty());
    }

    private Configuration load(Map<String, String> environment, Path file) {
        return new ConfigurationLoader(environment, folder).load(Optional.of(file));
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
