package dev.millrace.cli.config;

import dev.millrace.cli.log.LogFormat;
import dev.millrace.cli.log.LogLevel;
import dev.millrace.ingester.ChecksumVerification;
import dev.millrace.schemas.ByteSize;
import dev.millrace.schemas.KnownKeys;
import dev.millrace.storage.S3Endpoint;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds and reads the configuration: the file given, else {@code MILLRACE_CONFIG}, else {@code millrace.yaml} in the working
 * directory, else the defaults alone; each key overridden by its variable. A variable that is set but empty counts as not set.
 */
public final class ConfigurationLoader {
    /** With less the engine has no room for the columns of one file. */
    private static final long LEAST_MEMORY_BYTES = 128_000_000;

    /** The token that lets clients of {@code serve} in; the other place for it is a file. */
    public static final String TOKEN_VARIABLE = "MILLRACE_SERVE_TOKEN";

    private static final String PREFIX = "MILLRACE_";
    private static final String CONFIG_VARIABLE = "MILLRACE_CONFIG";
    private static final KnownKeys VARIABLES = new KnownKeys(Stream.concat(
                    Stream.of(
                            CONFIG_VARIABLE,
                            "MILLRACE_CACHE",
                            "MILLRACE_JAVA_OPTS",
                            "MILLRACE_MINIO",
                            "MILLRACE_MC",
                            "MILLRACE_POSTGRES",
                            TOKEN_VARIABLE),
                    Arrays.stream(ConfigurationKey.values()).map(ConfigurationKey::variable))
            .toList());

    private final Map<String, String> environment;
    private final Path workingDirectory;

    public ConfigurationLoader(Map<String, String> environment, Path workingDirectory) {
        this.environment = Map.copyOf(environment);
        this.workingDirectory = workingDirectory.toAbsolutePath().normalize();
    }

    /**
     * Reads the configuration.
     *
     * @param given the file that the user named; relative paths count from the working directory
     * @throws ConfigurationException when a file is missing or anything in it or in a variable cannot be used
     */
    public Configuration load(Optional<Path> given) {
        Optional<Path> file = find(given);
        Map<ConfigurationKey, Setting> settings = new EnumMap<>(ConfigurationKey.class);
        for (ConfigurationKey key : ConfigurationKey.values()) {
            settings.put(key, new Setting(key, key.defaultText(), "the default"));
        }
        file.map(SettingsFile::read).ifPresent(settings::putAll);
        settings.putAll(variables());
        return configuration(settings, file.map(Path::getParent).orElse(workingDirectory));
    }

    /** The file that {@link #load} would read; none when the defaults and the variables are all there is. */
    public Optional<Path> find(Optional<Path> given) {
        if (given.isPresent()) {
            return Optional.of(existing(workingDirectory.resolve(given.get()), "--config"));
        }
        String variable = environment.getOrDefault(CONFIG_VARIABLE, "");
        if (!variable.isBlank()) {
            return Optional.of(existing(LocalPath.resolve(variable, workingDirectory), CONFIG_VARIABLE));
        }
        return Optional.of(workingDirectory.resolve("millrace.yaml")).filter(Files::exists);
    }

    /** The names of the variables that override keys, without their values. */
    public List<String> overridden() {
        return variables().keySet().stream().map(ConfigurationKey::variable).toList();
    }

    private static Path existing(Path file, String origin) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(origin + " names the configuration file " + file.normalize()
                    + ", which does not exist; name another, or copy millrace.example.yaml there");
        }
        return file.toAbsolutePath().normalize();
    }

    private Map<ConfigurationKey, Setting> variables() {
        environment.keySet().stream()
                .filter(v -> v.startsWith(PREFIX) && !VARIABLES.contains(v))
                .sorted()
                .findFirst()
                .ifPresent(ConfigurationLoader::refuseVariable);
        Map<ConfigurationKey, Setting> settings = new EnumMap<>(ConfigurationKey.class);
        for (ConfigurationKey key : ConfigurationKey.values()) {
            String text = environment.getOrDefault(key.variable(), "");
            if (!text.isBlank()) {
                settings.put(key, new Setting(key, text, "the environment variable " + key.variable()));
            }
        }
        return settings;
    }

    private static void refuseVariable(String variable) {
        throw new ConfigurationException(
                Secrets.looksLikeKeyOfOne(variable)
                        ? "the environment variable " + variable + " is refused: " + Secrets.WHERE_THEY_BELONG
                        : VARIABLES.refusal("the environment", variable));
    }

    private static Configuration configuration(Map<ConfigurationKey, Setting> settings, Path base) {
        return new Configuration(
                settings.get(ConfigurationKey.STAGING).as(text -> StorageAddress.parse(text, base)),
                new Configuration.Lake(
                        settings.get(ConfigurationKey.LAKE_CATALOG).as(text -> CatalogAddress.parse(text, base)),
                        settings.get(ConfigurationKey.LAKE_DATA).as(text -> StorageAddress.parse(text, base))),
                settings.get(ConfigurationKey.CONTRACTS).as(text -> LocalPath.resolve(text, base)),
                new S3Endpoint(
                        settings.get(ConfigurationKey.S3_ENDPOINT).as(ConfigurationLoader::httpAddress),
                        settings.get(ConfigurationKey.S3_REGION).as(ConfigurationLoader::region),
                        settings.get(ConfigurationKey.S3_PATH_STYLE).as(ConfigurationLoader::yesOrNo)),
                new Configuration.Ingest(
                        settings.get(ConfigurationKey.INGEST_MAX_BATCH_BYTES).as(ConfigurationLoader::size),
                        settings.get(ConfigurationKey.INGEST_MAX_BATCH_FILES).as(ConfigurationLoader::count),
                        settings.get(ConfigurationKey.INGEST_MAX_BATCH_PARTITIONS)
                                .as(ConfigurationLoader::count),
                        fileLimits(settings),
                        settings.get(ConfigurationKey.INGEST_VERIFY_CHECKSUMS).as(ConfigurationLoader::checksums),
                        settings.get(ConfigurationKey.INGEST_MAX_REFUSED).as(ConfigurationLoader::count),
                        settings.get(ConfigurationKey.INGEST_MAX_WIDEN_BYTES).as(ConfigurationLoader::size),
                        settings.get(ConfigurationKey.INGEST_SETTLE).as(DurationText::parse),
                        settings.get(ConfigurationKey.INGEST_RETAIN_STAGED).as(DurationText::parse),
                        settings.get(ConfigurationKey.INGEST_LEASE).as(ConfigurationLoader::lease),
                        settings.get(ConfigurationKey.INGEST_INFER_CONTRACTS).as(ConfigurationLoader::yesOrNo)),
                new Configuration.Compact(
                        settings.get(ConfigurationKey.COMPACT_TARGET_FILE).as(ConfigurationLoader::size),
                        settings.get(ConfigurationKey.COMPACT_QUIET).as(DurationText::parse),
                        new Configuration.CompactBudget(
                                settings.get(ConfigurationKey.COMPACT_MAX_BYTES).as(ConfigurationLoader::size),
                                settings.get(ConfigurationKey.COMPACT_MAX_FILES).as(ConfigurationLoader::count),
                                settings.get(ConfigurationKey.COMPACT_MAX_TIME).as(ConfigurationLoader::lease),
                                settings.get(ConfigurationKey.COMPACT_MEMORY).as(ConfigurationLoader::memory)),
                        settings.get(ConfigurationKey.COMPACT_KEEP_SNAPSHOTS).as(DurationText::parse),
                        settings.get(ConfigurationKey.COMPACT_MAX_SNAPSHOTS).as(ConfigurationLoader::count),
                        settings.get(ConfigurationKey.COMPACT_GRACE).as(DurationText::parse),
                        settings.get(ConfigurationKey.COMPACT_LEASE).as(ConfigurationLoader::lease),
                        new Configuration.Orphans(
                                settings.get(ConfigurationKey.COMPACT_ORPHAN_AGE)
                                        .as(DurationText::parse),
                                settings.get(ConfigurationKey.COMPACT_MAX_ORPHAN_SHARE)
                                        .as(Percentage::parse),
                                settings.get(ConfigurationKey.COMPACT_ORPHAN_EVERY)
                                        .as(DurationText::parse))),
                settings.get(ConfigurationKey.RUNS_KEEP).as(DurationText::parse),
                new Configuration.Log(
                        settings.get(ConfigurationKey.LOG_FORMAT).as(text -> word(text, LogFormat.values())),
                        settings.get(ConfigurationKey.LOG_LEVEL).as(text -> word(text, LogLevel.values()))),
                serve(settings, base));
    }

    private static Configuration.Serve serve(Map<ConfigurationKey, Setting> settings, Path base) {
        return new Configuration.Serve(
                settings.get(ConfigurationKey.SERVE_LISTEN).as(ListenAddress::parse),
                settings.get(ConfigurationKey.SERVE_TOKEN_FILE)
                        .as(text ->
                                text.equals("none") ? Optional.empty() : Optional.of(LocalPath.resolve(text, base))),
                new Configuration.Timing(
                        settings.get(ConfigurationKey.SERVE_INGEST).as(Schedule::parse),
                        settings.get(ConfigurationKey.SERVE_COMPACT).as(Schedule::parse),
                        settings.get(ConfigurationKey.SERVE_JITTER).as(DurationText::parse),
                        settings.get(ConfigurationKey.SERVE_DEBOUNCE).as(DurationText::parse)),
                settings.get(ConfigurationKey.SERVE_LOOK).as(ConfigurationLoader::looks),
                settings.get(ConfigurationKey.SERVE_STOP).as(DurationText::parse));
    }

    private static Schedule looks(String text) {
        return new Schedule.Every(lease(text));
    }

    private static Configuration.StagedFileLimits fileLimits(Map<ConfigurationKey, Setting> settings) {
        return new Configuration.StagedFileLimits(
                settings.get(ConfigurationKey.INGEST_MAX_FOOTER).as(ConfigurationLoader::size),
                settings.get(ConfigurationKey.INGEST_MAX_COLUMNS).as(ConfigurationLoader::count),
                settings.get(ConfigurationKey.INGEST_MAX_NESTING).as(ConfigurationLoader::count),
                settings.get(ConfigurationKey.INGEST_MAX_ROW_GROUP).as(ConfigurationLoader::size),
                settings.get(ConfigurationKey.INGEST_MAX_ROW_GROUP_ROWS).as(ConfigurationLoader::count),
                settings.get(ConfigurationKey.INGEST_MAX_FILE_ROWS).as(ConfigurationLoader::count));
    }

    private static long size(String text) {
        long bytes = ByteSize.parseBytes(text);
        if (bytes == 0) {
            throw new IllegalArgumentException("more than nothing, such as 512MB");
        }
        return bytes;
    }

    private static long memory(String text) {
        long bytes = size(text);
        if (bytes < LEAST_MEMORY_BYTES) {
            throw new IllegalArgumentException("at least 128MB");
        }
        return bytes;
    }

    private static int count(String text) {
        String allowed = "a whole number from 1 to " + Integer.MAX_VALUE;
        try {
            int count = Integer.parseInt(text);
            if (count < 1) {
                throw new IllegalArgumentException(allowed);
            }
            return count;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(allowed, e);
        }
    }

    private static Duration lease(String text) {
        Duration lease = DurationText.parse(text);
        if (lease.toSeconds() < 1) {
            throw new IllegalArgumentException("at least 1s");
        }
        return lease;
    }

    private static ChecksumVerification checksums(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "auto" -> ChecksumVerification.AUTO;
            case "always" -> ChecksumVerification.ALWAYS;
            case "never" -> ChecksumVerification.NEVER;
            default -> throw new IllegalArgumentException("auto, always or never");
        };
    }

    private static boolean yesOrNo(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false");
        };
    }

    private static <E extends Enum<E>> E word(String text, E[] words) {
        return Arrays.stream(words)
                .filter(word -> word.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Arrays.stream(words)
                        .map(word -> word.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "))));
    }

    private static String region(String text) {
        if (!text.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("the name of a region, such as us-east-1");
        }
        return text;
    }

    private static URI httpAddress(String text) {
        try {
            return new S3Endpoint(new URI(text), "any", true).address();
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IllegalArgumentException("an address such as http://127.0.0.1:9000", e);
        }
    }
}
