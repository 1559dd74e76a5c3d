package dev.millrace.ingester;

import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LedgerEntry.Quarantine;
import java.util.List;
import java.util.Optional;

/** What looking at a staged file's name and footer has shown. */
public sealed interface Inspection {
    StagedObject file();

    /** It can be loaded, once {@code newColumns} are added to the dataset. */
    record Loadable(StagedObject file, Footer footer, List<LakeColumn> columns, List<LakeColumn> newColumns)
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
     * @param rowHash of the rows, where the writer left it; see {@link dev.millrace.schemas.RowHashSql#STATED}
     */
    record Footer(
            long rows, String schema, boolean ambiguousNames, Optional<String> partition, Optional<String> rowHash) {
        /** Without a row hash. */
        public Footer(long rows, String schema, boolean ambiguousNames, Optional<String> partition) {
            this(rows, schema, ambiguousNames, partition, Optional.empty());
        }

        /** Of a file that must not be copied as it is: nobody relies on the partition that all of its rows have. */
        Footer ofFileToRewrite() {
            return new Footer(rows, schema, ambiguousNames, Optional.empty(), rowHash);
        }
    }
}
