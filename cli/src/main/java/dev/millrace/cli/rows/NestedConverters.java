package dev.millrace.cli.rows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Converters of what holds other values. Their text is JSON. */
final class NestedConverters {
    private NestedConverters() {}

    record Nullable(ValueConverter inner) implements ValueConverter {
        @Override
        public Object ofText(String text) {
            return inner.ofText(text);
        }

        @Override
        public Object ofJson(JsonNode node) {
            return node.isNull() ? null : inner.ofJson(node);
        }

        @Override
        public String expected() {
            return inner.expected();
        }

        @Override
        public boolean isNullable() {
            return true;
        }

        @Override
        public Object ofNull() {
            return null;
        }
    }

    record ArrayOf(Schema schema, ValueConverter element) implements ValueConverter {
        @Override
        public Object ofText(String text) {
            return ofJson(JsonText.parse(text, expected()));
        }

        @Override
        public Object ofJson(JsonNode node) {
            if (!node.isArray()) {
                throw notThis(node, this);
            }
            List<Object> values = new GenericData.Array<>(node.size(), schema);
            for (int i = 0; i < node.size(); i++) {
                try {
                    values.add(element.ofJson(node.get(i)));
                } catch (UnfitValueException e) {
                    throw e.under("[" + i + "]");
                }
            }
            return values;
        }

        @Override
        public String expected() {
            return "array";
        }
    }

    record MapOf(ValueConverter value) implements ValueConverter {
        @Override
        public Object ofText(String text) {
            return ofJson(JsonText.parse(text, expected()));
        }

        @Override
        public Object ofJson(JsonNode node) {
            if (!node.isObject()) {
                throw notThis(node, this);
            }
            Map<String, Object> values = new LinkedHashMap<>();
            node.properties().forEach(entry -> {
                try {
                    values.put(entry.getKey(), value.ofJson(entry.getValue()));
                } catch (UnfitValueException e) {
                    throw e.under("[" + entry.getKey() + "]");
                }
            });
            return values;
        }

        @Override
        public String expected() {
            return "map (an object)";
        }
    }

    /** A record within a row. */
    static final class RecordOf implements ValueConverter {
        private final Schema schema;
        private final boolean ignoreExtra;
        private final List<ValueConverter> fields = new ArrayList<>();

        RecordOf(Schema schema, boolean ignoreExtra) {
            this.schema = schema;
            this.ignoreExtra = ignoreExtra;
            schema.getFields().forEach(f -> fields.add(ValueConverter.of(f.schema(), ignoreExtra)));
        }

        @Override
        public Object ofText(String text) {
            return ofJson(JsonText.parse(text, expected()));
        }

        @Override
        public Object ofJson(JsonNode node) {
            if (!node.isObject()) {
                throw notThis(node, this);
            }
            if (!ignoreExtra) {
                node.fieldNames().forEachRemaining(this::refuseUnknown);
            }
            GenericData.Record record = new GenericData.Record(schema);
            for (Schema.Field field : schema.getFields()) {
                ValueConverter converter = fields.get(field.pos());
                JsonNode value = node.get(field.name());
                try {
                    record.put(field.pos(), value == null ? converter.ofMissing(field) : converter.ofJson(value));
                } catch (UnfitValueException e) {
                    throw e.under(field.name());
                }
            }
            return record;
        }

        private void refuseUnknown(String name) {
            if (schema.getField(name) == null) {
                throw UnfitValueException.of(
                                "the contract has no such field; remove it, or leave it out with --ignore-extra")
                        .under(name);
            }
        }

        @Override
        public String expected() {
            return "record (an object) with the fields "
                    + schema.getFields().stream().map(Schema.Field::name).toList();
        }
    }

    private static RuntimeException notThis(JsonNode node, ValueConverter converter) {
        if (node.isNull()) {
            return UnfitValueException.of("the value is NULL, but the contract requires " + converter.expected());
        }
        return UnfitValueException.value(node.toString(), converter.expected());
    }
}
