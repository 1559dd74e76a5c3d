package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One change of a dataset's columns, which leaves the values that there are as they are. */
public sealed interface ColumnChange {
    /** Stands in a path for the elements of a list; the engine's word. */
    String ELEMENT = "element";

    /** Stands in a path for the values of a map; the engine's word. */
    String VALUE = "value";

    /** The word in the table of evolutions. */
    String word();

    /** The column as it is called afterwards, with the path to the field where it is one. */
    String subject();

    /** The type of what is new; absent where nothing is. */
    Optional<String> type();

    /** How the column was called before; absent where it is new or is called as before. */
    default Optional<String> formerName() {
        return Optional.empty();
    }

    /** What the engine executes; absent where the rows have to be written anew. */
    Optional<String> sql(String table);

    /** Whether columns show that it has happened. */
    boolean hasHappened(List<LakeColumn> columns);

    /** The columns as they are after it. */
    List<LakeColumn> to(List<LakeColumn> columns);

    /** The columns as they are after all changes that have not happened yet. */
    static List<LakeColumn> allTo(List<LakeColumn> columns, List<ColumnChange> changes) {
        List<LakeColumn> changed = columns;
        for (ColumnChange change : changes) {
            changed = change.hasHappened(changed) ? changed : change.to(changed);
        }
        return changed;
    }

    /** A column more, NULL in the rows that there are. */
    record ColumnAdded(String name, EngineType engineType) implements ColumnChange {
        @Override
        public String word() {
            return "column-added";
        }

        @Override
        public String subject() {
            return name;
        }

        @Override
        public Optional<String> type() {
            return Optional.of(engineType.sql());
        }

        @Override
        public Optional<String> sql(String table) {
            return Optional.of(statement(table));
        }

        String statement(String table) {
            return "ALTER TABLE " + table + " ADD COLUMN " + SqlText.identifier(name) + " " + engineType.sql();
        }

        @Override
        public boolean hasHappened(List<LakeColumn> columns) {
            return typeOf(name, columns).filter(engineType::equals).isPresent();
        }

        @Override
        public List<LakeColumn> to(List<LakeColumn> columns) {
            return Stream.concat(columns.stream(), Stream.of(new LakeColumn(name, engineType.sql())))
                    .toList();
        }

        @Override
        public String toString() {
            return "the column '" + name + "' (" + engineType.sql() + ") is added";
        }
    }

    /**
     * A field more in a column of records, NULL in those that there are.
     *
     * @param path from the column to the field, with {@link #ELEMENT} and {@link #VALUE} where lists and maps are in between
     */
    record FieldAdded(List<String> path, EngineType engineType) implements ColumnChange {
        public FieldAdded {
            path = List.copyOf(path);
        }

        @Override
        public String word() {
            return "field-added";
        }

        @Override
        public String subject() {
            return String.join(".", path);
        }

        @Override
        public Optional<String> type() {
            return Optional.of(engineType.sql());
        }

        @Override
        public Optional<String> sql(String table) {
            return Optional.of("ALTER TABLE " + table + " ADD COLUMN "
                    + path.stream().map(SqlText::identifier).collect(Collectors.joining(".")) + " "
                    + engineType.sql());
        }

        @Override
        public boolean hasHappened(List<LakeColumn> columns) {
            return typeOf(path.get(0), columns)
                    .flatMap(column -> at(column, path.subList(1, path.size())))
                    .filter(engineType::equals)
                    .isPresent();
        }

        private static Optional<EngineType> at(EngineType type, List<String> path) {
            if (path.isEmpty()) {
                return Optional.of(type);
            }
            List<String> rest = path.subList(1, path.size());
            if (type instanceof EngineType.ListOf list) {
                return at(list.element(), rest);
            }
            if (type instanceof EngineType.MapOf map) {
                return at(map.value(), rest);
            }
            return type instanceof EngineType.StructOf struct
                    ? struct.field(path.get(0)).flatMap(field -> at(field.type(), rest))
                    : Optional.empty();
        }

        @Override
        public List<LakeColumn> to(List<LakeColumn> columns) {
            return columns.stream()
                    .map(column -> column.name().equals(path.get(0))
                            ? new LakeColumn(
                                    column.name(),
                                    with(column.engineType(), path.subList(1, path.size()))
                                            .sql())
                            : column)
                    .toList();
        }

        private EngineType with(EngineType type, List<String> rest) {
            List<String> below = rest.subList(1, rest.size());
            if (type instanceof EngineType.ListOf list) {
                return new EngineType.ListOf(with(list.element(), below));
            }
            if (type instanceof EngineType.MapOf map) {
                return new EngineType.MapOf(map.key(), with(map.value(), below));
            }
            EngineType.StructOf struct = (EngineType.StructOf) type;
            List<EngineType.Field> fields = new ArrayList<>(struct.fields());
            if (below.isEmpty()) {
                fields.add(new EngineType.Field(rest.get(0), engineType));
            } else {
                fields.replaceAll(field -> field.name().equals(rest.get(0))
                        ? new EngineType.Field(field.name(), with(field.type(), below))
                        : field);
            }
            return new EngineType.StructOf(fields);
        }

        @Override
        public String toString() {
            return "the field '" + subject() + "' (" + engineType.sql() + ") is added";
        }
    }

    /** Another name for the same column. */
    record ColumnRenamed(String from, String to) implements ColumnChange {
        @Override
        public String word() {
            return "column-renamed";
        }

        @Override
        public String subject() {
            return to;
        }

        @Override
        public Optional<String> type() {
            return Optional.empty();
        }

        @Override
        public Optional<String> formerName() {
            return Optional.of(from);
        }

        @Override
        public Optional<String> sql(String table) {
            return Optional.of("ALTER TABLE " + table + " RENAME COLUMN " + SqlText.identifier(from) + " TO "
                    + SqlText.identifier(to));
        }

        @Override
        public boolean hasHappened(List<LakeColumn> columns) {
            return typeOf(to, columns).isPresent() && typeOf(from, columns).isEmpty();
        }

        @Override
        public List<LakeColumn> to(List<LakeColumn> columns) {
            return columns.stream()
                    .map(column -> column.name().equals(from) ? new LakeColumn(to, column.type()) : column)
                    .toList();
        }

        @Override
        public String toString() {
            return "the column '" + from + "' is renamed to '" + to + "'";
        }
    }

    /**
     * A wider type for the same column, within lists, maps and records too; with it come fields that its records do not have.
     *
     * @param formerType whose values the new one holds, all of them unchanged
     */
    record ColumnWidened(String name, EngineType formerType, EngineType engineType) implements ColumnChange {
        @Override
        public String word() {
            return "column-widened";
        }

        @Override
        public String subject() {
            return name;
        }

        @Override
        public Optional<String> type() {
            return Optional.of(engineType.sql());
        }

        @Override
        public Optional<String> sql(String table) {
            return Optional.empty();
        }

        @Override
        public boolean hasHappened(List<LakeColumn> columns) {
            return typeOf(name, columns)
                    .filter(there -> TypeFit.ofFile(name, there, engineType) instanceof TypeFit.Holds)
                    .isPresent();
        }

        @Override
        public List<LakeColumn> to(List<LakeColumn> columns) {
            return columns.stream()
                    .map(column -> column.name().equals(name) ? new LakeColumn(name, engineType.sql()) : column)
                    .toList();
        }

        @Override
        public String toString() {
            return "the column '" + name + "' is widened from " + formerType.sql() + " to " + engineType.sql();
        }
    }

    private static Optional<EngineType> typeOf(String name, List<LakeColumn> columns) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .map(column -> EngineType.parse(column.type()));
    }
}
