package dev.millrace.cli.rows;

import dev.millrace.schemas.Contract;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Makes records of the contract's schema from raw rows: converts, derives by templates, fills in what is missing. */
final class RowAssembler {
    private final Contract contract;
    private final boolean ignoreExtra;
    private final List<Target> targets = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> templateSources = new HashSet<>();

    private record Target(Schema.Field field, ValueConverter converter, Optional<ColumnTemplate> template) {}

    RowAssembler(Contract contract, RowOptions options) {
        this.contract = contract;
        this.ignoreExtra = options.ignoreExtra();
        Map<String, ColumnTemplate> templates = new HashMap<>();
        for (ColumnTemplate template : options.templates()) {
            if (templates.put(template.column(), template) != null) {
                throw new IllegalArgumentException("the column '" + template.column() + "' is set twice");
            }
            templateSources.addAll(template.sources());
        }
        for (Schema.Field field : contract.schema().getFields()) {
            ValueConverter converter = ValueConverter.of(field.schema(), ignoreExtra);
            targets.add(new Target(field, converter, Optional.ofNullable(templates.remove(field.name()))));
            known.add(field.name());
        }
        if (!templates.isEmpty()) {
            throw new IllegalArgumentException("the dataset '" + contract.dataset() + "' has no column "
                    + templates.keySet() + " to set; its columns are " + names());
        }
        known.addAll(templateSources);
    }

    /** The columns that templates read. */
    Set<String> templateSources() {
        return templateSources;
    }

    /** Refuses columns that the contract does not have, unless they are to be ignored. */
    void checkExtra(Origin origin, Collection<String> columns) {
        if (ignoreExtra || known.containsAll(columns)) {
            return;
        }
        List<String> extra = columns.stream().filter(c -> !known.contains(c)).toList();
        throw new RowException(
                origin,
                "the dataset '" + contract.dataset() + "' has no column " + extra
                        + "; remove them, or leave them out with --ignore-extra (its columns are " + names() + ")");
    }

    /** Refuses an input that lacks columns without which no row of it could fit. */
    void checkMissing(Origin origin, Collection<String> columns) {
        List<String> missing = targets.stream()
                .filter(t -> t.template().isEmpty())
                .filter(t -> !columns.contains(t.field().name()))
                .filter(t -> !t.field().hasDefaultValue() && !t.converter().isNullable())
                .map(t -> t.field().name())
                .toList();
        if (!missing.isEmpty()) {
            throw new RowException(
                    origin,
                    "the required columns " + missing + " of the dataset '" + contract.dataset()
                            + "' are missing; there are " + columns + ". Add them, or make them of others with --set");
        }
        List<String> absent = templateSources.stream()
                .filter(c -> !columns.contains(c))
                .filter(c -> contract.schema().getField(c) == null)
                .sorted()
                .toList();
        if (!absent.isEmpty()) {
            throw new RowException(
                    origin, "a template of --set names the columns " + absent + ", but there are only " + columns);
        }
    }

    Row assemble(Origin origin, RawRow raw) {
        GenericRecord record = new GenericData.Record(contract.schema());
        for (Target target : targets) {
            try {
                record.put(target.field().pos(), value(target, raw));
            } catch (UnfitValueException e) {
                throw new RowException(origin, e.under(target.field().name()).getMessage(), e);
            }
        }
        return new Row(record, origin);
    }

    private Object value(Target target, RawRow raw) {
        if (target.template().isPresent()) {
            Optional<String> text = target.template().get().text(column -> templateValue(column, raw));
            return text.isPresent()
                    ? target.converter().ofText(text.get())
                    : target.converter().ofNull();
        }
        String name = target.field().name();
        return raw.has(name)
                ? raw.value(name, target.converter())
                : target.converter().ofMissing(target.field());
    }

    private Optional<String> templateValue(String column, RawRow raw) {
        if (raw.has(column)) {
            return raw.text(column);
        }
        if (contract.schema().getField(column) == null) {
            throw UnfitValueException.of("the template of --set names '" + column + "', which this row does not have");
        }
        return Optional.empty();
    }

    private List<String> names() {
        return contract.schema().getFields().stream().map(Schema.Field::name).toList();
    }
}
