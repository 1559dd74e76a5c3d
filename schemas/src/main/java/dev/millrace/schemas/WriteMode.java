package dev.millrace.schemas;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the rows of a staged file do to the dataset. */
public sealed interface WriteMode {
    /** Every row is added. */
    WriteMode APPEND = Append.EVERY_ROW;

    /** The word in a contract file. */
    String word();

    /** The columns that can hold no NULL, whatever the schema says. */
    Set<String> requiredColumns();

    /** Every row is added. */
    enum Append implements WriteMode {
        EVERY_ROW;

        @Override
        public String word() {
            return "append";
        }

        @Override
        public Set<String> requiredColumns() {
            return Set.of();
        }
    }

    /**
     * A row takes the place of the one that has its key.
     *
     * @param key columns that together tell one row from another; at least one
     * @param version the column whose larger value wins; without it what arrives later does
     * @param deleteMarker a boolean column: a row that has it true takes the row of its key out of the dataset
     */
    record Upsert(List<String> key, Optional<String> version, Optional<String> deleteMarker) implements WriteMode {
        public Upsert {
            key = List.copyOf(key);
            if (key.isEmpty()) {
                throw new InvalidContractException(
                        "the mode upsert needs the key 'key': the columns that tell one row from another");
            }
        }

        @Override
        public String word() {
            return "upsert";
        }

        @Override
        public Set<String> requiredColumns() {
            Set<String> required = new LinkedHashSet<>(key);
            version.ifPresent(required::add);
            return required;
        }

        /** Whether a deleted key must be remembered, since an older version of its row may arrive later. */
        public boolean remembersDeletes() {
            return version.isPresent() && deleteMarker.isPresent();
        }
    }
}
