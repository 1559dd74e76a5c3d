package dev.millrace.lake;

import dev.millrace.lake.EngineType.Field;
import dev.millrace.lake.EngineType.ListOf;
import dev.millrace.lake.EngineType.MapOf;
import dev.millrace.lake.EngineType.Plain;
import dev.millrace.lake.EngineType.StructOf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** How the values of one type go into a column of another one. Pure. */
public sealed interface TypeFit {
    /** As they are: no value changes, and what they do not have is NULL. */
    record Holds() implements TypeFit {}

    /** Once the column has these fields too. */
    record NeedsFields(List<ColumnChange.FieldAdded> fields) implements TypeFit {
        public NeedsFields {
            fields = List.copyOf(fields);
        }
    }

    /** Not at all. */
    record Differs() implements TypeFit {}

    /** Of the values of a file, which may be of a narrower type, within lists, maps and records too. */
    static TypeFit ofFile(String column, EngineType lake, EngineType file) {
        return of(column, lake, file, WiderTypes::holds);
    }

    /** Of what a contract says, whose types must be those of the lake. */
    static TypeFit ofContract(String column, EngineType lake, EngineType contract) {
        return of(column, lake, contract, (wide, narrow) -> false);
    }

    /** Of what a contract says where wider and narrower types are no matter: which fields it has more. */
    static TypeFit ofFields(String column, EngineType lake, EngineType contract) {
        return of(column, lake, contract, (one, other) -> WiderTypes.holds(one, other) || WiderTypes.holds(other, one));
    }

    /** The type that holds the values of both, as far as one does that a file may bring. */
    static Optional<EngineType> union(EngineType one, EngineType other) {
        if (one instanceof ListOf a && other instanceof ListOf b) {
            return union(a.element(), b.element()).map(ListOf::new);
        }
        if (one instanceof MapOf a && other instanceof MapOf b) {
            return union(a.value(), b.value())
                    .filter(value -> a.key().equals(b.key()))
                    .map(value -> new MapOf(a.key(), value));
        }
        if (one instanceof StructOf a && other instanceof StructOf b) {
            return union(a, b);
        }
        if (one instanceof Plain a && other instanceof Plain b) {
            return WiderTypes.holds(b.sql(), a.sql())
                    ? Optional.of(b)
                    : Optional.<EngineType>of(a).filter(wide -> a.equals(b) || WiderTypes.holds(a.sql(), b.sql()));
        }
        return Optional.empty();
    }

    private static Optional<EngineType> union(StructOf one, StructOf other) {
        List<Field> fields = new ArrayList<>();
        for (Field field : one.fields()) {
            Optional<Field> match = other.field(field.name());
            Optional<EngineType> type = match.isEmpty()
                    ? Optional.of(field.type())
                    : union(field.type(), match.orElseThrow().type());
            if (type.isEmpty()) {
                return Optional.empty();
            }
            fields.add(new Field(field.name(), type.orElseThrow()));
        }
        for (Field field : other.fields()) {
            if (one.field(field.name()).isEmpty()) {
                if (hasNameLike(one, field)) {
                    return Optional.empty();
                }
                fields.add(field);
            }
        }
        return Optional.of(new StructOf(fields));
    }

    private static boolean hasNameLike(StructOf struct, Field field) {
        return struct.fields().stream().map(Field::name).anyMatch(field.name()::equalsIgnoreCase);
    }

    private static TypeFit of(String column, EngineType lake, EngineType incoming, BiPredicate<String, String> holds) {
        List<ColumnChange.FieldAdded> missing = new ArrayList<>();
        if (!collect(List.of(column), lake, incoming, holds, missing)) {
            return new Differs();
        }
        return missing.isEmpty() ? new Holds() : new NeedsFields(missing);
    }

    /** Whether they go in at all; the fields that it takes are added to {@code missing}. */
    private static boolean collect(
            List<String> path,
            EngineType lake,
            EngineType incoming,
            BiPredicate<String, String> holds,
            List<ColumnChange.FieldAdded> missing) {
        if (lake instanceof ListOf wide && incoming instanceof ListOf narrow) {
            return collect(step(path, ColumnChange.ELEMENT), wide.element(), narrow.element(), holds, missing);
        }
        if (lake instanceof MapOf wide && incoming instanceof MapOf narrow) {
            return wide.key().equals(narrow.key())
                    && collect(step(path, ColumnChange.VALUE), wide.value(), narrow.value(), holds, missing);
        }
        if (lake instanceof StructOf wide && incoming instanceof StructOf narrow) {
            for (Field field : narrow.fields()) {
                List<String> below = step(path, field.name());
                Optional<Field> match = wide.field(field.name());
                if (match.isEmpty() && hasNameLike(wide, field)) {
                    return false;
                }
                if (match.isEmpty()) {
                    missing.add(new ColumnChange.FieldAdded(below, field.type()));
                } else if (!collect(below, match.orElseThrow().type(), field.type(), holds, missing)) {
                    return false;
                }
            }
            return true;
        }
        return lake.equals(incoming)
                || (lake instanceof Plain wide
                        && incoming instanceof Plain narrow
                        && holds.test(wide.sql(), narrow.sql()));
    }

    private static List<String> step(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }
}
