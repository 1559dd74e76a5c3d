package dev.millrace.cli.rows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON as it was written: numbers keep every digit, and a key that stands twice is refused. */
final class JsonText {
    static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .readerFor(JsonNode.class);
    private static final ObjectReader WHOLE_TEXT = READER.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonText() {}

    static JsonNode parse(String text, String expected) {
        try {
            JsonNode node = WHOLE_TEXT.readValue(text);
            if (node == null || node.isMissingNode()) {
                throw UnfitValueException.value(text, expected);
            }
            return node;
        } catch (JsonProcessingException e) {
            throw UnfitValueException.value(text, expected + " as JSON (" + e.getOriginalMessage() + ")");
        }
    }
}
