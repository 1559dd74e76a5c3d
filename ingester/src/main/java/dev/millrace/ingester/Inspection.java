package dev.millrace.ingester;

import dev.millrace.lake.ColumnChange;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LedgerEntry.Quarantine;
import java.util.List;
import java.util.Optional;

/** What looking at a staged file's name and footer has shown. */
public sealed interface Inspection {
    StagedObject file();

    /** It can be loaded, once the dataset's columns are changed so. */
    record Loadable(StagedObject file, Footer footer, List<LakeColumn> columns, List<ColumnChange> changes)
            implements Inspection {}

    /** It is refused. */
    record Refused(StagedObject file, Quarantine quarantine) implements Inspection {}

    /** It has no readable footer and may still be on its way: another writer's upload without a rename. */
    record Unsettled(StagedObject file) implements Inspection {}

    /**
     * What the footer says.
     *
     * @param schema a digest of the file's schema, the same for files of the same schema
     * @param ambiguousNames whether two columns differ in upper and lower case only
     * @param partition the partition value that all rows have, absent when they may have several
     * @param checksum of the file's bytes, where the writer left it; see {@link dev.millrace.schemas.FileChecksum}
     * @param rowHash of the rows, where the writer left it; see {@link dev.millrace.schemas.RowHashSql#STATED}
     */
    record Footer(
            long rows,
            String schema,
            boolean ambiguousNames,
            Optional<String> partition,
            Optional<String> rowHash,
            Extent extent,
            Optional<String> checksum) {
        /**
         * How large its parts are, as far as it tells.
         *
         * @param rowGroupBytes of the row group with most of them, decompressed
         * @param rowGroupRows of the row group with most of them
         * @param rowsOfGroups of all row groups together
         */
        record Extent(long footerBytes, long rowGroupBytes, long rowGroupRows, long rowsOfGroups) {
            static final Extent UNKNOWN = new Extent(0, 0, 0, 0);
        }

        /** Of unknown extent. */
        public Footer(
                long rows,
                String schema,
                boolean ambiguousNames,
                Optional<String> partition,
                Optional<String> rowHash) {
            this(rows, schema, ambiguousNames, partition, rowHash, Extent.UNKNOWN, Optional.empty());
        }

        /** Without a row hash. */
        public Footer(long rows, String schema, boolean ambiguousNames, Optional<String> partition) {
            this(rows, schema, ambiguousNames, partition, Optional.empty());
        }

        Footer withoutRowHash() {
            return new Footer(rows, schema, ambiguousNames, partition);
        }

        /** Of a file that must not be copied as it is: nobody relies on the partition that all of its rows have. */
        Footer ofFileToRewrite() {
            return new Footer(rows, schema, ambiguousNames, Optional.empty(), rowHash, extent, checksum);
        }
    }
}
