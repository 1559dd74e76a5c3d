package dev.millrace.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.cli.config.ConfigurationLoader;
import dev.millrace.cli.config.StorageAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves which datasets a notification is about, and that nothing else in it is believed. */
class NotificationTest {
    private final Notification notification = new Notification((StorageAddress.S3Prefix) new ConfigurationLoader(
                    Map.of("MILLRACE_STAGING", "s3://staging/plant"),
                    Path.of("").toAbsolutePath())
            .load(Optional.empty())
            .staging());

    private static String event(String name, String bucket, String key) {
        return """
                {"EventName": "%s", "Key": "ignored", "Records": [
                  {"eventVersion": "2.0", "eventSource": "minio:s3", "eventName": "%s",
                   "s3": {"bucket": {"name": "%s"}, "object": {"key": "%s", "size": 7}}}]}
                """.formatted(name, name, bucket, key);
    }

    @ParameterizedTest
    @CsvSource({
        "s3:ObjectCreated:Put,staging,plant%2Ftrips%2Ftill-1%2F0.parquet,[trips]",
        "ObjectCreated:CompleteMultipartUpload,staging,plant/ops.trips/till-1/0.parquet,[ops.trips]",
        "s3:ObjectCreated:Copy,staging,plant/trips/day%3D2026-01-05/0.parquet,[trips]",
        "s3:ObjectRemoved:Delete,staging,plant/trips/till-1/0.parquet,[]",
        "s3:ObjectCreated:Put,lake,plant/trips/till-1/0.parquet,[]",
        "s3:ObjectCreated:Put,staging,trips/till-1/0.parquet,[]",
        "s3:ObjectCreated:Put,staging,plant/trips/.spool-1/0.parquet,[]",
        "s3:ObjectCreated:Put,staging,plant/trips/_tmp/0.csv,[]",
        "s3:ObjectCreated:Put,staging,plant/TRIPS/till-1/0.parquet,[]",
        "s3:ObjectCreated:Put,staging,plant/0.parquet,[]",
        "s3:ObjectCreated:Put,staging,plant/trips/%ZZ.parquet,[]",
    })
    void whatWasStagedCounts(String name, String bucket, String key, String datasets) throws IOException {
        assertThat(notification.datasets(event(name, bucket, key))).hasToString(datasets);
    }

    @Test
    void whatIsNoEventIsNothing() throws IOException {
        assertThat(notification.datasets("{\"Records\": 7}")).isEmpty();
        assertThat(notification.datasets("[]")).isEmpty();
        assertThatThrownBy(() -> notification.datasets("{")).isInstanceOf(IOException.class);
    }
}
