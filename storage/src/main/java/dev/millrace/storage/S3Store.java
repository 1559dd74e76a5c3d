package dev.millrace.storage;

import dev.millrace.failpoint.Failpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.io.FileUtils;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * An object store in a bucket of S3, or below a prefix of one.
 *
 * <p>A put is one conditional request ({@code If-None-Match: *}), or a multipart upload that is completed on that condition and
 * aborted when it fails. A put needs the right to put only: a lost answer is taken for a success when the key turns out to be
 * taken at the next attempt. Contents are built in a temporary folder of this machine. Safe for many threads and many
 * processes. The connection belongs to the caller, who closes it after the last use of its stores.
 */
public final class S3Store implements ObjectStore {
    private final S3Connection connection;
    private final S3Place place;
    private final Clock clock;
    private final S3Spool spool;
    private final S3Comparison comparison;
    private final S3Put put;
    private final S3Copy copy;
    private final S3Listing listing;
    private final S3Deletion deletion;
    private final S3AbandonedUploads abandonedUploads;

    /**
     * A store in a bucket that exists; no request is made yet.
     *
     * @param prefix what is in front of the keys, such as {@code teams/a}; may be empty
     * @throws StorageException when bucket or prefix are none
     */
    public S3Store(S3Connection connection, String bucket, String prefix) {
        this(connection, bucket, prefix, Path.of(System.getProperty("java.io.tmpdir")), Clock.systemUTC());
    }

    /**
     * As {@link #S3Store(S3Connection, String, String)}.
     *
     * @param spool the folder in which a temporary folder for contents is made
     * @param clock tells the age of abandoned puts
     */
    public S3Store(S3Connection connection, String bucket, String prefix, Path spool, Clock clock) {
        this.connection = connection;
        this.place = S3Place.of(bucket, prefix);
        this.clock = clock;
        this.spool = new S3Spool(spool, clock);
        S3Client client = connection.client();
        S3Failures failures = new S3Failures(connection.endpoint(), bucket);
        this.comparison = new S3Comparison(client, place, failures);
        this.put = new S3Put(client, place, comparison, new UncertainPuts(), failures);
        this.copy = new S3Copy(client, comparison, S3Copy.PART_BYTES, failures);
        this.listing = new S3Listing(client, connection.threads(), place, failures);
        this.deletion = new S3Deletion(client, place, failures);
        this.abandonedUploads = new S3AbandonedUploads(client, place, failures);
    }

    @Override
    public String root() {
        return place.root();
    }

    /**
     * {@inheritDoc}
     *
     * @throws StorageException when the engine would take the key for something else: for a pattern or a parameter
     */
    /** Every S3 service keeps checksums of what it stores; an upload carries one. */
    @Override
    public boolean verifiesContent() {
        return true;
    }

    @Override
    public String address(String key) {
        return place.address(key);
    }

    @Override
    public Path newSpoolFile(String key) {
        place.address(key);
        return spool.newFile();
    }

    @Override
    public PutOutcome putIfAbsent(String key, Path file) {
        place.address(key);
        Failpoint.BEFORE_PUT.pass();
        PutOutcome outcome = put.putIfAbsent(key, file);
        Failpoint.AFTER_PUT.pass();
        FileUtils.deleteQuietly(file.toFile());
        return outcome;
    }

    @Override
    public void tryPut(String key) {
        place.address(key);
        new S3Trial(connection.client(), place, put.failures()).of(key);
    }

    @Override
    public void list(String prefix, Consumer<List<StoredObject>> page) {
        listing.list(prefix, page);
    }

    @Override
    public List<String> folders() {
        return listing.folders();
    }

    @Override
    public Optional<StoredObject> find(String key) {
        return comparison.look(key).map(found -> new StoredObject(key, found.contentLength(), found.lastModified()));
    }

    @Override
    public InputStream open(String key) throws IOException {
        return comparison.open(key, 0);
    }

    @Override
    public InputStream open(String key, long offset) throws IOException {
        return comparison.open(key, offset);
    }

    @Override
    public PutOutcome copyIfAbsent(ObjectStore source, String sourceKey, String key) {
        place.address(key);
        if (source instanceof S3Store other && connection.reachesTheSameAs(other.connection)) {
            HeadObjectResponse found = other.comparison.look(sourceKey).orElseThrow(() -> noSource(source, sourceKey));
            if (found.contentLength() > 0) {
                Failpoint.BEFORE_OBJECT_COPY.pass();
                PutOutcome outcome = copy.copyIfAbsent(other.comparison, found, sourceKey, key);
                Failpoint.AFTER_OBJECT_COPY.pass();
                return outcome;
            }
        } else if (source.find(sourceKey).isEmpty()) {
            throw noSource(source, sourceKey);
        }
        return putCopy(source, sourceKey, key);
    }

    /** Passes the object through this machine: from another service, or one without content, of which a server has no ranges. */
    private PutOutcome putCopy(ObjectStore source, String sourceKey, String key) {
        Path aside = newSpoolFile(key);
        try (InputStream in = source.open(sourceKey)) {
            Files.copy(in, aside);
            return putIfAbsent(key, aside);
        } catch (IOException e) {
            throw FolderFailures.failed(
                    "cannot copy '" + sourceKey + "' of " + source.root() + " to '" + key + "' in " + root(), e);
        } finally {
            FileUtils.deleteQuietly(aside.toFile());
        }
    }

    private static StorageException noSource(ObjectStore source, String sourceKey) {
        return new StorageException("there is no object '" + sourceKey + "' to copy in " + source.root());
    }

    /** Does nothing: S3 has no folders. */
    @Override
    public void makeFolder(String prefix) {
        place.prefixInBucket(prefix);
    }

    /** Does nothing: what S3 has taken is durable. */
    @Override
    public void makeDurable(Collection<String> keys) {}

    @Override
    public void delete(Collection<String> keys) {
        Failpoint.BEFORE_DELETE.pass();
        deletion.delete(keys);
        Failpoint.AFTER_DELETE.pass();
    }

    /**
     * {@inheritDoc} These are multipart uploads, and on this machine files of processes that were killed. MinIO lists no upload
     * that was begun before its last start; it removes those itself after a day.
     */
    @Override
    public int removeAbandonedPuts(String prefix, Duration olderThan) {
        Instant before = clock.instant().minus(olderThan);
        return spool.removeOlderThan(before) + abandonedUploads.removeBegunBefore(before, prefix);
    }
}
