package dev.millrace.schemas;

/** How the pages of lake files are compressed. */
public enum Compression {
    ZSTD,
    SNAPPY,
    GZIP,
    LZ4,
    UNCOMPRESSED
}
