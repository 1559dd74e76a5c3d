package dev.millrace.cli.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Every key that there is, with its default as it would be written. */
public enum ConfigurationKey {
    STAGING("staging", "./staging"),
    LAKE_CATALOG("lake.catalog", "sqlite:./lake.sqlite"),
    LAKE_DATA("lake.data", "./lake"),
    CONTRACTS("contracts", "./contracts"),
    S3_ENDPOINT("s3.endpoint", "http://127.0.0.1:9000"),
    S3_REGION("s3.region", "us-east-1"),
    S3_PATH_STYLE("s3.path-style", "true"),
    INGEST_MAX_BATCH_BYTES("ingest.max-batch-bytes", "512MB"),
    INGEST_MAX_BATCH_FILES("ingest.max-batch-files", "5000"),
    INGEST_MAX_BATCH_PARTITIONS("ingest.max-batch-partitions", "16"),
    INGEST_MAX_FOOTER("ingest.max-footer", "64MB"),
    INGEST_MAX_COLUMNS("ingest.max-columns", "10000"),
    INGEST_MAX_NESTING("ingest.max-nesting", "64"),
    INGEST_MAX_ROW_GROUP("ingest.max-row-group", "4GB"),
    INGEST_MAX_ROW_GROUP_ROWS("ingest.max-row-group-rows", "100000000"),
    INGEST_MAX_FILE_ROWS("ingest.max-file-rows", "1000000000"),
    INGEST_VERIFY_CHECKSUMS("ingest.verify-checksums", "auto"),
    INGEST_MAX_REFUSED("ingest.max-refused", "100"),
    INGEST_MAX_WIDEN_BYTES("ingest.max-widen-bytes", "10GB"),
    INGEST_SETTLE("ingest.settle", "30s"),
    INGEST_RETAIN_STAGED("ingest.retain-staged", "24h"),
    INGEST_LEASE("ingest.lease", "5m"),
    INGEST_INFER_CONTRACTS("ingest.infer-contracts", "false"),
    COMPACT_TARGET_FILE("compact.target-file", "256MB"),
    COMPACT_QUIET("compact.quiet", "12h"),
    COMPACT_MAX_BYTES("compact.max-bytes", "100GB"),
    COMPACT_MAX_FILES("compact.max-files", "200000"),
    COMPACT_MAX_TIME("compact.max-time", "1h"),
    COMPACT_MEMORY("compact.memory", "256MB"),
    COMPACT_KEEP_SNAPSHOTS("compact.keep-snapshots", "7d"),
    COMPACT_MAX_SNAPSHOTS("compact.max-snapshots", "100000"),
    COMPACT_GRACE("compact.grace", "2d"),
    COMPACT_LEASE("compact.lease", "5m"),
    COMPACT_ORPHAN_AGE("compact.orphan-age", "2d"),
    COMPACT_MAX_ORPHAN_SHARE("compact.max-orphan-share", "10%"),
    COMPACT_ORPHAN_EVERY("compact.orphan-every", "1d"),
    RUNS_KEEP("runs.keep", "30d"),
    LOG_FORMAT("log.format", "human"),
    LOG_LEVEL("log.level", "warn"),
    SERVE_LISTEN("serve.listen", "127.0.0.1:8480"),
    SERVE_TOKEN_FILE("serve.token-file", "none"),
    SERVE_INGEST("serve.ingest", "1m"),
    SERVE_COMPACT("serve.compact", "1h"),
    SERVE_JITTER("serve.jitter", "5s"),
    SERVE_LOOK("serve.look", "30s"),
    SERVE_DEBOUNCE("serve.debounce", "2s"),
    SERVE_STOP("serve.stop", "30s");

    private final String key;
    private final String defaultText;

    ConfigurationKey(String key, String defaultText) {
        this.key = key;
        this.defaultText = defaultText;
    }

    /** The key as messages name it: {@code lake.catalog}. */
    public String key() {
        return key;
    }

    public String defaultText() {
        return defaultText;
    }

    /** The environment variable that overrides the file: {@code MILLRACE_LAKE_CATALOG}. */
    public String variable() {
        return "MILLRACE_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    static Optional<ConfigurationKey> of(String key) {
        return Arrays.stream(values()).filter(k -> k.key.equals(key)).findFirst();
    }

    /** The sections, such as {@code lake}, that group keys in the file. */
    static List<String> sections() {
        return Arrays.stream(values())
                .filter(k -> k.key.contains("."))
                .map(k -> k.key.substring(0, k.key.indexOf('.')))
                .distinct()
                .toList();
    }
}
