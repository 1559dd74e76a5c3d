package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Footer;
import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.FooterKeys;
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

    /** How the engine says so of a file with an encrypted footer. */
    private static final String ENCRYPTED = "is encrypted, but";

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
                    %s AS row_hash,
                    parquet_file_metadata[1].footer_size AS footer_bytes,
                    list_max(list_transform(parquet_metadata, lambda m: m.row_group_bytes)) AS row_group_bytes,
                    list_max(list_transform(parquet_metadata, lambda m: m.row_group_num_rows)) AS row_group_rows,
                    [decode(kv.value) FOR kv IN parquet_kv_metadata IF kv.key = encode('%s')][1] AS checksum,
                    list_sum([m.row_group_num_rows FOR m IN parquet_metadata IF m.column_id = 0]) AS rows_of_groups
                FROM parquet_full_metadata(?))
            SELECT file_name, num_rows, schema,
                len(list_distinct(list_transform(paths, lambda p: lower(p)))) < len(list_distinct(paths)),
                list_transform(?::VARCHAR[], lambda c: [value for value, i in single_values if paths[i] = c]),
                row_hash, footer_bytes, row_group_bytes, row_group_rows, checksum, rows_of_groups
            FROM footer
            """.formatted(RowHashSql.STATED, FooterKeys.CHECKSUM);

    private final LakeSession session;
    private final ObjectStore staging;
    private final Contract contract;
    private final Supplier<List<LakeColumn>> table;
    private final Duration settle;
    private final ChecksumVerification checksums;
    private final LimitCheck limits;
    private final Map<String, FileColumns> columnsBySchema = new HashMap<>();

    /**
     * @param table the dataset's columns, asked for each time
     * @param settings how old an unreadable file has to be that is not still on its way, and what a file may have at most
     */
    FooterInspector(
            LakeSession session,
            ObjectStore staging,
            Contract contract,
            Supplier<List<LakeColumn>> table,
            IngestSettings settings) {
        this.session = session;
        this.staging = staging;
        this.contract = contract;
        this.table = table;
        this.settle = settings.settle();
        this.checksums = settings.checksums();
        this.limits = new LimitCheck(staging, settings.fileLimits());
    }

    /** Inspects files, in their order. */
    List<Inspection> inspect(List<StagedObject> files, Instant now) {
        Map<String, Inspection> verdicts = new LinkedHashMap<>();
        files.forEach(file -> verdicts.put(file.key(), null));
        List<StagedObject> candidates = new ArrayList<>();
        for (StagedObject file : files) {
            if (StagingKey.classify(file.key()) == StagingKey.Kind.UNSAFE) {
                verdicts.put(file.key(), refused(file, QuarantineReason.UNSAFE_NAME, """
                    its name has characters that are not allowed: use letters, digits and . _ = + @ , - only\
                    """));
            } else if (file.sizeBytes() < SMALLEST_PARQUET_BYTES) {
                verdicts.put(
                        file.key(),
                        unreadable(
                                file,
                                now,
                                new Quarantine(
                                        QuarantineReason.NOT_PARQUET,
                                        "it has " + file.sizeBytes() + " bytes, too few for a Parquet file")));
            } else {
                candidates.add(file);
            }
        }
        limits.beforeTheEngine(candidates).forEach((key, verdict) -> {
            StagedObject file = candidates.stream()
                    .filter(candidate -> candidate.key().equals(key))
                    .findFirst()
                    .orElseThrow();
            verdicts.put(key, new Inspection.Refused(file, verdict));
            candidates.remove(file);
        });
        Map<String, Footer> footers = new HashMap<>();
        Map<String, FaultSearch.Fault<StagedObject>> faults = new HashMap<>();
        Map<StagedObject, String> addresses = new HashMap<>();
        candidates.forEach(file -> addresses.put(file, staging.address(file.key())));
        new FaultSearch<StagedObject>(session, some -> readFooters(some, addresses, footers), addresses::get)
                .search(candidates)
                .forEach(fault -> faults.put(fault.file().key(), fault));
        Map<String, Quarantine> changed = changed(candidates, footers);
        List<LakeColumn> columns = table.get();
        for (StagedObject file : candidates) {
            Footer footer = footers.get(file.key());
            if (changed.containsKey(file.key())) {
                verdicts.put(file.key(), new Inspection.Refused(file, changed.get(file.key())));
                continue;
            }
            verdicts.put(
                    file.key(),
                    footer == null
                            ? unreadable(file, now, withoutFooter(file, faults.get(file.key())))
                            : fit(file, footer, columns));
        }
        return List.copyOf(verdicts.values());
    }

    /** Those whose bytes are not what their writer has left a checksum of. */
    private Map<String, Quarantine> changed(List<StagedObject> files, Map<String, Footer> footers) {
        if (!checksums.appliesTo(staging)) {
            return Map.of();
        }
        ChecksumCheck check = new ChecksumCheck(staging);
        return FileReads.refused(
                files.stream()
                        .filter(file -> footers.containsKey(file.key())
                                && footers.get(file.key()).checksum().isPresent())
                        .toList(),
                file -> {
                    Footer footer = footers.get(file.key());
                    return check.verify(
                            file,
                            footer.checksum().orElseThrow(),
                            footer.extent().footerBytes());
                });
    }

    private void readFooters(
            List<StagedObject> files, Map<StagedObject, String> addresses, Map<String, Footer> footers) {
        Map<String, String> keyByAddress = new HashMap<>();
        files.forEach(file -> keyByAddress.put(addresses.get(file), file.key()));
        session.query(
                FOOTERS,
                row -> footers.put(keyByAddress.get(row.getString(1)), footer(row)),
                List.copyOf(keyByAddress.keySet()),
                contract.partitionBy());
    }

    private Quarantine withoutFooter(StagedObject file, FaultSearch.Fault<StagedObject> fault) {
        if (fault == null) {
            return new Quarantine(QuarantineReason.NOT_PARQUET, "the engine reads it and finds no footer in it");
        }
        Quarantine verdict = fault.verdict(QuarantineReason.NOT_PARQUET);
        if (verdict.message().contains(ENCRYPTED)) {
            return new Quarantine(QuarantineReason.ENCRYPTED, verdict.message());
        }
        return verdict.reason() == QuarantineReason.NOT_PARQUET && limits.isEncrypted(file)
                ? new Quarantine(
                        QuarantineReason.ENCRYPTED,
                        "its footer says that columns of it are encrypted, and the engine has no key: "
                                + verdict.message())
                : verdict;
    }

    private static Footer footer(ResultSet row) throws SQLException {
        return new Footer(
                row.getLong(2),
                row.getString(3),
                row.getBoolean(4),
                partition((Object[]) row.getArray(5).getArray()),
                Optional.ofNullable(row.getString(6)).filter(FooterInspector::isRowHash),
                new Footer.Extent(row.getLong(7), row.getLong(8), row.getLong(9), row.getLong(11)),
                Optional.ofNullable(row.getString(10)));
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
        Optional<Quarantine> exceeded = limits.footer(footer);
        if (exceeded.isEmpty() && !columnsBySchema.containsKey(footer.schema())) {
            exceeded = limits.shape(file);
        }
        if (exceeded.isPresent()) {
            return new Inspection.Refused(file, exceeded.orElseThrow());
        }
        if (!columnsBySchema.containsKey(footer.schema())) {
            List<FaultSearch.Fault<StagedObject>> faults = new FaultSearch<StagedObject>(
                            session,
                            one -> columnsBySchema.put(
                                    footer.schema(),
                                    FileColumns.read(
                                            session, staging.address(one.get(0).key()))),
                            other -> staging.address(other.key()))
                    .search(List.of(file));
            if (!faults.isEmpty()) {
                Quarantine verdict = faults.get(0).verdict(QuarantineReason.NOT_PARQUET);
                return refused(file, verdict.reason(), verdict.message());
            }
        }
        if (footer.rows() != footer.extent().rowsOfGroups()) {
            return refused(
                    file,
                    QuarantineReason.UNREADABLE_DATA,
                    "its footer says that it has " + footer.rows() + " rows, and that its row groups have "
                            + footer.extent().rowsOfGroups());
        }
        FileColumns columns = columnsBySchema.get(footer.schema());
        if (columns.unfit().isPresent()) {
            return refused(
                    file, QuarantineReason.SCHEMA_MISMATCH, columns.unfit().orElseThrow());
        }
        SchemaFit fit = SchemaFit.of(contract, tableColumns, columns.inLake());
        if (fit instanceof SchemaFit.Misfit misfit) {
            return refused(file, QuarantineReason.SCHEMA_MISMATCH, misfit.message());
        }
        SchemaFit.Fits fits = (SchemaFit.Fits) fit;
        Footer comparable = fits.hashIsComparable() ? footer : footer.withoutRowHash();
        return new Inspection.Loadable(
                file,
                columns.canBeCopied() ? comparable : comparable.ofFileToRewrite(),
                columns.columns(),
                fits.changes());
    }

    private Inspection unreadable(StagedObject file, Instant now, Quarantine why) {
        boolean isYoung = file.modifiedAt().plus(settle).isAfter(now);
        return isYoung || !BadFiles.isWholeInStore(staging, file)
                ? new Inspection.Unsettled(file)
                : new Inspection.Refused(file, why);
    }

    private static Inspection refused(StagedObject file, QuarantineReason reason, String message) {
        return new Inspection.Refused(file, new Quarantine(reason, message));
    }
}
