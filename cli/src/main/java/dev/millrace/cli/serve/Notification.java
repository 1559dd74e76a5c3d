package dev.millrace.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.cli.config.StorageAddress;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.InvalidContractException;
import dev.millrace.schemas.StagingKey;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads event notifications of an object store, as S3 writes them and MinIO sends them. Believes nothing but names. */
final class Notification {
    private static final JsonMapper JSON = new JsonMapper();

    private final String bucket;
    private final String prefix;

    /** @param staging whose events are meant */
    Notification(StorageAddress.S3Prefix staging) {
        this.bucket = staging.bucket();
        this.prefix = staging.prefix().isEmpty() ? "" : staging.prefix() + "/";
    }

    /**
     * The datasets for which something was staged; none for events of another kind or place.
     *
     * @throws IOException when it is not JSON
     */
    Set<DatasetName> datasets(String json) throws IOException {
        Set<DatasetName> datasets = new TreeSet<>();
        for (JsonNode event : JSON.readTree(json).path("Records")) {
            if (event.path("eventName").asText().contains("ObjectCreated:")
                    && event.at("/s3/bucket/name").asText().equals(bucket)) {
                dataset(event.at("/s3/object/key").asText()).ifPresent(datasets::add);
            }
        }
        return datasets;
    }

    /** @param encoded as in a form of the web, which is how S3 writes keys in events */
    private Optional<DatasetName> dataset(String encoded) {
        try {
            String key = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
            if (!key.startsWith(prefix)
                    || StagingKey.classify(key.substring(prefix.length())) != StagingKey.Kind.STAGED_FILE) {
                return Optional.empty();
            }
            String staged = key.substring(prefix.length());
            return Optional.of(DatasetName.parse(staged.substring(0, Math.max(0, staged.indexOf('/')))));
        } catch (IllegalArgumentException | InvalidContractException e) {
            return Optional.empty();
        }
    }
}
