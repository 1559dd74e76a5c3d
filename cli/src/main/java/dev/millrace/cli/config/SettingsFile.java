package dev.millrace.cli.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.millrace.schemas.KnownKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the YAML file into settings, each with the line that it stands on. */
final class SettingsFile {
    private static final YAMLFactory YAML = new YAMLFactory();
    private static final KnownKeys KEYS = new KnownKeys(Stream.concat(
                    Arrays.stream(ConfigurationKey.values()).map(ConfigurationKey::key),
                    ConfigurationKey.sections().stream())
            .toList());

    private final Path file;
    private final Map<ConfigurationKey, Setting> settings = new EnumMap<>(ConfigurationKey.class);

    private SettingsFile(Path file) {
        this.file = file;
    }

    static Map<ConfigurationKey, Setting> read(Path file) {
        SettingsFile reader = new SettingsFile(file);
        try (JsonParser parser = YAML.createParser(Files.newInputStream(file))) {
            reader.document(parser);
        } catch (JacksonException e) {
            String where = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
            throw new ConfigurationException(
                    file + where + ": is not valid YAML: " + firstLine(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new ConfigurationException("the configuration file " + file + " cannot be read: " + e, e);
        }
        return reader.settings;
    }

    private void document(JsonParser parser) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            throw new ConfigurationException(
                    at(parser) + ": the configuration is made of 'key: value' lines, this is not one");
        }
        section(parser, "");
        if (parser.nextToken() != null) {
            throw new ConfigurationException(
                    at(parser) + ": a second document begins; the configuration is one document");
        }
    }

    private void section(JsonParser parser, String prefix) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = prefix + parser.currentName();
            String where = at(parser);
            if (!KEYS.contains(key)) {
                throw new ConfigurationException(
                        Secrets.looksLikeKeyOfOne(key)
                                ? where + ": the key '" + key + "' is refused: " + Secrets.WHERE_THEY_BELONG
                                : KEYS.refusal(where, key));
            }
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT && ConfigurationKey.sections().contains(key)) {
                section(parser, key + ".");
            } else if (token.isScalarValue() && ConfigurationKey.of(key).isPresent()) {
                value(ConfigurationKey.of(key).get(), token, parser.getText(), where);
            } else if (token != JsonToken.VALUE_NULL) {
                throw new ConfigurationException(where + ": " + key
                        + (ConfigurationKey.of(key).isPresent()
                                ? " takes one value"
                                : " takes keys of its own, not a value"));
            }
        }
    }

    private void value(ConfigurationKey key, JsonToken token, String text, String where) {
        if (token == JsonToken.VALUE_NULL) {
            throw new ConfigurationException(
                    where + ": " + key.key() + " has no value; remove the line for the default, " + key.defaultText());
        }
        if (Secrets.isIn(text)) {
            throw new ConfigurationException(where + ": " + key.key() + " ('" + Secrets.masked(text)
                    + "') has a password in it: " + Secrets.WHERE_THEY_BELONG);
        }
        Setting former = settings.put(key, new Setting(key, text, where));
        if (former != null) {
            throw new ConfigurationException(where + ": " + key.key() + " was set before, at " + former.origin());
        }
    }

    private String at(JsonParser parser) {
        return file + ":" + parser.currentTokenLocation().getLineNr();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
