package dev.millrace.cli.config;

import dev.millrace.cli.log.LogFormat;
import dev.millrace.cli.log.LogLevel;
import dev.millrace.ingester.ChecksumVerification;
import dev.millrace.storage.S3Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a command works on and how. All paths are absolute. Immutable.
 *
 * @param staging where producers put staged files; neither inside {@code lake.data} nor around it
 * @param contracts the folder with one contract file a dataset; need not exist
 * @param s3 how S3 is reached, where an address needs it; its keys come from the AWS default chain
 * @param keepRuns how long the catalog remembers what runs did
 */
public record Configuration(
        StorageAddress staging,
        Lake lake,
        Path contracts,
        S3Endpoint s3,
        Ingest ingest,
        Compact compact,
        Duration keepRuns,
        Log log,
        Serve serve) {

    public Configuration {
        if (lake.data().contains(staging) || staging.contains(lake.data())) {
            throw new ConfigurationException("staging (" + staging + ") and lake.data (" + lake.data()
                    + ") overlap: the lake's clean-up deletes every Parquet file below its data that the catalog does"
                    + " not know, so staged files would be lost; move one of them beside the other");
        }
    }

    /** The catalog, and the place of the files that it knows. */
    public record Lake(CatalogAddress catalog, StorageAddress data) {}

    /**
     * What bounds a batch, and how long things are kept.
     *
     * @param fileLimits beyond which a staged file is quarantined
     * @param checksums which staged files are held against their checksums
     * @param maxRefused as many refused files, and none that is loaded, stop a run before they are quarantined
     * @param maxWidenBytes of lake files that may be written anew for a wider type that a staged file brings
     * @param settle how old a staged file without a readable footer must be before it counts as broken
     * @param retainStaged how long a loaded staged file is kept
     * @param lease after how long without a sign of life a run's lease may be taken over
     * @param infersContracts whether a dataset without a contract gets one from its first files
     */
    public record Ingest(
            long maxBatchBytes,
            int maxBatchFiles,
            int maxBatchPartitions,
            StagedFileLimits fileLimits,
            ChecksumVerification checksums,
            int maxRefused,
            long maxWidenBytes,
            Duration settle,
            Duration retainStaged,
            Duration lease,
            boolean infersContracts) {}

    /**
     * What a single staged file may have at most.
     *
     * @param nesting levels of groups around a value
     * @param rowGroupBytes of a row group when it is decompressed
     */
    public record StagedFileLimits(
            long footerBytes, int columns, int nesting, long rowGroupBytes, int rowGroupRows, int rows) {}

    /**
     * What the compactor makes of the lake, and what it leaves for readers.
     *
     * @param quiet for how long nobody must have written to a partition that is merged to few files
     * @param budget what one compaction of a dataset may take
     * @param keepSnapshots how long a snapshot can be read after it was replaced
     * @param maxSnapshots beyond that many, the oldest expire before their time
     * @param grace how long a snapshot outlives its replacement at least, and a file that no snapshot names any more is kept
     *     for queries that are still reading it
     * @param lease after how long without a sign of life a run's lease may be taken over
     */
    public record Compact(
            long targetFileBytes,
            Duration quiet,
            CompactBudget budget,
            Duration keepSnapshots,
            int maxSnapshots,
            Duration grace,
            Duration lease,
            Orphans orphans) {}

    /**
     * What one compaction of a dataset may take.
     *
     * @param maxBytes of the lake files that it reads
     * @param maxFiles that it reads
     * @param maxTime after which it begins no further step
     * @param memoryBytes for the engine, which spills to the disk beyond that; JVM and engine take some 550 MB besides
     */
    public record CompactBudget(long maxBytes, int maxFiles, Duration maxTime, long memoryBytes) {}

    /**
     * How the compactor removes lake files that the catalog never knew.
     *
     * @param age how old such a file has to be
     * @param maxSharePercent of the lake's files that may go at once
     * @param every how long the lake's data is not listed again
     */
    public record Orphans(Duration age, int maxSharePercent, Duration every) {}

    /** How events are written, and from which level on those of the lower layers and of the libraries. */
    public record Log(LogFormat format, LogLevel level) {}

    /**
     * How {@code serve} works.
     *
     * @param tokenFile whose content lets a client in
     * @param look when the lake and the staging area are looked at for health, metrics and page
     * @param stop how long it may take to stop; so it is for the commands that {@code serve} takes the place of
     */
    public record Serve(ListenAddress listen, Optional<Path> tokenFile, Timing timing, Schedule look, Duration stop) {}

    /**
     * When {@code serve} works.
     *
     * @param jitter up to which each start is put off by chance, so that many hosts don't start at once
     * @param debounce how long is waited for more after a notification, before it starts an ingest
     */
    public record Timing(Schedule ingest, Schedule compact, Duration jitter, Duration debounce) {}
}
