package dev.millrace.schemas;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Reads one contract from a YAML file and the Avro schema file beside it. */
public final class ContractFile {
    private static final KnownKeys KEYS = new KnownKeys(List.of(
            "dataset",
            "schema",
            "partition-by",
            "sort-by",
            "mode",
            "key",
            "version",
            "delete-marker",
            "evolution",
            "target-file",
            "compression",
            "compression-level",
            "row-group-rows"));
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private enum Mode {
        APPEND,
        UPSERT
    }

    private ContractFile() {}

    /**
     * Reads a contract.
     *
     * @throws InvalidContractException when the file or its schema is missing or breaks a rule; names file and value
     */
    public static Contract read(Path file) {
        JsonNode root = parse(file);
        if (!root.isObject()) {
            throw new InvalidContractException(file + ": a contract is a list of 'key: value' lines, this is not one");
        }
        root.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new InvalidContractException(KEYS.refusal(file.toString(), key));
            }
        });
        try {
            DatasetName dataset = DatasetName.parse(text(root, "dataset", null));
            Schema schema = schema(file.resolveSibling(text(root, "schema", null)));
            return new Contract(
                    dataset,
                    schema,
                    names(root, "partition-by"),
                    names(root, "sort-by"),
                    mode(root),
                    choice(root, "evolution", EvolutionPolicy.class, EvolutionPolicy.ADD_COLUMNS),
                    layout(root));
        } catch (InvalidContractException e) {
            throw e.getMessage().startsWith(file.toString())
                    ? e
                    : new InvalidContractException(file + ": " + e.getMessage(), e);
        }
    }

    private static WriteMode mode(JsonNode root) {
        return switch (choice(root, "mode", Mode.class, Mode.APPEND)) {
            case APPEND -> {
                List.of("key", "version", "delete-marker").stream()
                        .filter(root::hasNonNull)
                        .findFirst()
                        .ifPresent(key -> {
                            throw new InvalidContractException("the key '" + key
                                    + "' belongs to 'mode: upsert', this contract has 'mode: append'");
                        });
                yield WriteMode.APPEND;
            }
            case UPSERT ->
                new WriteMode.Upsert(names(root, "key"), optional(root, "version"), optional(root, "delete-marker"));
        };
    }

    private static FileLayout layout(JsonNode root) {
        return new FileLayout(
                optional(root, "target-file").map(ContractFile::size),
                choice(root, "compression", Compression.class, Compression.ZSTD),
                number(root, "compression-level"),
                number(root, "row-group-rows"));
    }

    private static long size(String text) {
        try {
            return ByteSize.parseBytes(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidContractException(
                    "the key 'target-file' has the value '" + text + "', it takes " + e.getMessage(), e);
        }
    }

    private static OptionalInt number(JsonNode root, String key) {
        Optional<String> text = optional(root, key);
        try {
            return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text.orElseThrow()));
        } catch (NumberFormatException e) {
            throw new InvalidContractException(
                    "the key '" + key + "' takes a whole number, not '" + text.orElseThrow() + "'", e);
        }
    }

    private static Optional<String> optional(JsonNode root, String key) {
        return root.hasNonNull(key) ? Optional.of(text(root, key, null)) : Optional.empty();
    }

    private static JsonNode parse(Path file) {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (JacksonException e) {
            throw new InvalidContractException(
                    file + ": is not valid YAML: " + e.getOriginalMessage() + " (line "
                            + (e.getLocation() == null
                                    ? "unknown"
                                    : e.getLocation().getLineNr()) + ")",
                    e);
        } catch (IOException e) {
            throw new InvalidContractException(file + ": cannot be read: " + e, e);
        }
    }

    private static Schema schema(Path file) {
        try {
            return new Schema.Parser().parse(Files.readString(file));
        } catch (IOException e) {
            throw new InvalidContractException("the schema file " + file + " cannot be read: " + e, e);
        } catch (AvroRuntimeException e) {
            throw new InvalidContractException(
                    "the schema file " + file + " is not a valid Avro schema: " + e.getMessage(), e);
        }
    }

    private static String text(JsonNode root, String key, String fallback) {
        JsonNode node = root.get(key);
        if (node == null || node.isNull()) {
            if (fallback == null) {
                throw new InvalidContractException("the key '" + key + "' is missing");
            }
            return fallback;
        }
        if (!node.isValueNode()) {
            throw new InvalidContractException("the key '" + key + "' takes one value, not " + node);
        }
        return node.asText();
    }

    private static List<String> names(JsonNode root, String key) {
        JsonNode node = root.get(key);
        if (node == null || node.isNull()) {
            return List.of();
        }
        if (node.isTextual()) {
            return List.of(node.asText());
        }
        if (!node.isArray()) {
            throw new InvalidContractException("the key '" + key + "' takes a list of columns, not " + node);
        }
        List<String> names = new ArrayList<>();
        for (JsonNode name : node) {
            if (!name.isTextual()) {
                throw new InvalidContractException("the key '" + key + "' takes a list of columns, not " + node);
            }
            names.add(name.asText());
        }
        return names;
    }

    private static <E extends Enum<E>> E choice(JsonNode root, String key, Class<E> type, E fallback) {
        String value = text(root, key, word(fallback));
        return Arrays.stream(type.getEnumConstants())
                .filter(e -> word(e).equals(value))
                .findFirst()
                .orElseThrow(() -> new InvalidContractException("the key '" + key + "' has the value '" + value
                        + "', allowed are "
                        + Arrays.stream(type.getEnumConstants())
                                .map(ContractFile::word)
                                .collect(Collectors.joining(", "))));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
