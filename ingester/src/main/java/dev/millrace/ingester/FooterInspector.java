package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Footer;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.lake.StatementException;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.RowHashSql;
import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.ObjectStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads the footers of staged files in bulk and decides for each whether it can be loaded.
 *
 * <p>An unreadable file makes the engine refuse the whole list; it is found by halving, which costs a handful of reads.
 * Remembers schemas it has seen, so one inspector serves one pass over one dataset.
 */
final class FooterInspector {
    /** Four bytes of magic at each end and the footer's length: nothing shorter is a Parquet file. */
    private static final long SMALLEST_PARQUET_BYTES = 12;

    private static final Pattern ROW_HASH = Pattern.compile("(" + RowHashSql.OLDER + ")?[0-9a-f]{16}");

    /** In two steps, which takes half the time of one: the second sees what it needs of a footer and not all of it. */
    private static final String FOOTERS = """
            WITH footer AS MATERIALIZED (
                SELECT parquet_file_metadata[1].file_name AS file_name, parquet_file_metadata[1].num_rows AS num_rows,
                    md5(list_transform(parquet_schema, lambda s: row(s.name, s.type, s.type_length, s.repetition_type,
                        s.num_children, s.converted_type, s.scale, s.precision, s.logical_type))::VARCHAR) AS schema,
                    list_transform(parquet_metadata, lambda m: m.path_in_schema) AS paths,
                    list_transform(parquet_metadata, lambda m:
                        CASE WHEN m.stats_min_value = m.stats_max_value AND m.stats_null_count = 0
                            THEN m.stats_min_value END) AS single_values,
                    %s AS row_hash
                FROM parquet_full_metadata(?))
            SELECT file_name, num_rows, schema,
                len(list_distinct(list_transform(paths, lambda p: lower(p)))) < len(list_distinct(paths)),
                list_transform(?::VARCHAR[], lambda c: [value for value, i in single_values if paths[i] = c]),
                row_hash
            FROM footer
            """.formatted(RowHashSql.STATED);

    private final LakeSession session;
    private final ObjectStore staging;
    private final Contract contract;
    private final Supplier<List<LakeColumn>> table;
    private final Duration settle;
    private final Map<String, FileColumns> columnsBySchema = new HashMap<>();

    /**
     * @param table the dataset's columns, asked for each time
     * @param settle the age below which an unreadable file may still be on its way
     */
    FooterInspector(
            LakeSession session,
            ObjectStore staging,
            Contract contract,
            Supplier<List<LakeColumn>> table,
            Duration settle) {
        this.session = session;
        this.staging = staging;
        this.contract = contract;
        this.table = table;
        this.settle = settle;
    }

    /** Inspects files, in their order. */
    List<Inspection> inspect(List<StagedObject> files, Instant now) {
        Map<String, Inspection> verdicts = new LinkedHashMap<>();
        files.forEach(file -> verdicts.put(file.key(), null));
        List<StagedObject> candidates = new ArrayList<>();
        for (StagedObject file : files) {
            if (StagingKey.classify(file.key()) == StagingKey.Kind.UNSAFE) {
                verdicts.put(file.key(), refused(file, QuarantineReason.UNSAFE_NAME, """
                        its name has characters that are not allowed: use letters, digits and . _ = + @ , - only"""));
            } else if (file.sizeBytes() < SMALLEST_PARQUET_BYTES) {
                verdicts.put(
                        file.key(),
                        unreadable(file, now, "it has " + file.sizeBytes() + " bytes, too few for a Parquet file"));
            } else {
                candidates.add(file);
            }
        }
        Map<String, Footer> footers = new HashMap<>();
        Map<String, String> failures = new HashMap<>();
        readFooters(candidates, footers, failures);
        List<LakeColumn> columns = table.get();
        for (StagedObject file : candidates) {
            Footer footer = footers.get(file.key());
            verdicts.put(
                    file.key(),
                    footer == null ? unreadable(file, now, failures.get(file.key())) : fit(file, footer, columns));
        }
        return List.copyOf(verdicts.values());
    }

    private void readFooters(List<StagedObject> files, Map<String, Footer> footers, Map<String, String> failures) {
        if (files.isEmpty()) {
            return;
        }
        Map<String, String> keyByAddress = new HashMap<>();
        files.forEach(file -> keyByAddress.put(staging.address(file.key()), file.key()));
        try {
            session.query(
                    FOOTERS,
                    row -> footers.put(keyByAddress.get(row.getString(1)), footer(row)),
                    List.copyOf(keyByAddress.keySet()),
                    contract.partitionBy());
        } catch (StatementException e) {
            e.requireAboutData();
            if (files.size() == 1) {
                failures.put(files.get(0).key(), e.firstLine());
                return;
            }
            int half = files.size() / 2;
            readFooters(files.subList(0, half), footers, failures);
            readFooters(files.subList(half, files.size()), footers, failures);
        }
    }

    private static Footer footer(ResultSet row) throws SQLException {
        return new Footer(
                row.getLong(2),
                row.getString(3),
                row.getBoolean(4),
                partition((Object[]) row.getArray(5).getArray()),
                Optional.ofNullable(row.getString(6)).filter(FooterInspector::isRowHash));
    }

    /** Anybody may write anything into a footer. */
    private static boolean isRowHash(String text) {
        return ROW_HASH.matcher(text).matches();
    }

    /** One value for each row group of each partition column; the file is in one partition when they are all the same. */
    private static Optional<String> partition(Object[] columns) throws SQLException {
        List<String> values = new ArrayList<>();
        for (Object column : columns) {
            Object[] groups = (Object[]) ((java.sql.Array) column).getArray();
            if (groups.length == 0 || java.util.Arrays.stream(groups).distinct().count() != 1 || groups[0] == null) {
                return Optional.empty();
            }
            values.add(groups[0].toString());
        }
        return Optional.of(String.join("/", values));
    }

    private Inspection fit(StagedObject file, Footer footer, List<LakeColumn> tableColumns) {
        if (footer.ambiguousNames()) {
            return refused(
                    file,
                    QuarantineReason.SCHEMA_MISMATCH,
                    "it has columns whose names differ in upper and lower case only; the lake takes them for the same");
        }
        FileColumns columns;
        try {
            columns = columnsBySchema.computeIfAbsent(
                    footer.schema(), schema -> FileColumns.read(session, staging.address(file.key())));
        } catch (StatementException e) {
            e.requireAboutData();
            return refused(file, QuarantineReason.NOT_PARQUET, e.firstLine());
        }
        if (columns.unfit().isPresent()) {
            return refused(
                    file, QuarantineReason.SCHEMA_MISMATCH, columns.unfit().orElseThrow());
        }
        SchemaFit fit = SchemaFit.of(contract, tableColumns, columns.inLake());
        if (fit instanceof SchemaFit.Misfit misfit) {
            return refused(file, QuarantineReason.SCHEMA_MISMATCH, misfit.message());
        }
        Footer ofCopy = columns.canBeCopied() ? footer : footer.ofFileToRewrite();
        return new Inspection.Loadable(file, ofCopy, columns.columns(), ((SchemaFit.Fits) fit).newColumns());
    }

    private Inspection unreadable(StagedObject file, Instant now, String why) {
        boolean isYoung = file.modifiedAt().plus(settle).isAfter(now);
        return isYoung || !BadFiles.isWholeInStore(staging, file)
                ? new Inspection.Unsettled(file)
                : refused(file, QuarantineReason.NOT_PARQUET, why);
    }

    private static Inspection refused(StagedObject file, QuarantineReason reason, String message) {
        return new Inspection.Refused(file, new Quarantine(reason, message));
    }
}
