package dev.millrace.schemas;

/** The keys of the metadata that the staging writer leaves in the footer of each Parquet file. */
public final class FooterKeys {
    /** The {@link ProducerId} that wrote the file. */
    public static final String PRODUCER = "millrace.producer";

    /** The {@link BatchId} of the file. */
    public static final String BATCH_ID = "millrace.batch-id";

    /** The {@link SchemaFingerprint} of the Avro schema that the file was written with. */
    public static final String SCHEMA_FINGERPRINT = "millrace.schema-fingerprint";

    /** The number of rows, in decimal digits. */
    public static final String ROWS = "millrace.rows";

    /** The smallest value of {@link Contract#eventTimeColumn()} in ISO 8601; absent when no row has one. */
    public static final String FIRST_EVENT_TIME = "millrace.first-event-time";

    /** The largest value of {@link Contract#eventTimeColumn()} in ISO 8601; absent when no row has one. */
    public static final String LAST_EVENT_TIME = "millrace.last-event-time";

    /** The order-independent hash of the rows as {@link RowHashSql} defines it: 16 hexadecimal digits. */
    public static final String ROW_HASH = "millrace.row-hash-2";

    /**
     * The hash of the rows as older writers have left it, with the columns in the order of the schema. It can be compared with
     * itself only.
     */
    public static final String OLDER_ROW_HASH = "millrace.row-hash";

    /** The checksum of the file's bytes as {@link FileChecksum} defines it: 8 hexadecimal digits. */
    public static final String CHECKSUM = "millrace.crc32c";

    private FooterKeys() {}
}
