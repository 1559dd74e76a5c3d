package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Footer;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds staged files against the {@link FileLimits}: those whose footer could hurt the engine before it sees them, by reading their last
 * bytes; all others by what it tells of them.
 */
final class LimitCheck {
    /**
     * A level of nesting takes eight bytes of a footer, so a smaller file has 2,000 levels at most, with which the engine deals in a
     * second.
     */
    private static final long HARMLESS_BYTES = 16_384;

    private static final int TRAILER_BYTES = 8;
    private static final int FIRST_READ_BYTES = 65_536;
    private static final String MAGIC = "PAR1";

    private final ObjectStore staging;
    private final FileLimits limits;

    LimitCheck(ObjectStore staging, FileLimits limits) {
        this.staging = staging;
        this.limits = limits;
    }

    /** Those that the engine may not open, by key; what is no whole Parquet file is left to its judgement. */
    Map<String, Quarantine> beforeTheEngine(List<StagedObject> files) {
        return FileReads.refused(
                files.stream()
                        .filter(file -> file.sizeBytes() >= HARMLESS_BYTES)
                        .toList(),
                this::shape);
    }

    /** What the schema of a file is beyond, read from its last bytes. */
    Optional<Quarantine> shape(StagedObject file) {
        Trailer trailer = trailer(file);
        return trailer.footerBytes() > limits.footerBytes()
                ? exceeded("footer", trailer.footerBytes(), "bytes", "ingest.max-footer", limits.footerBytes())
                : footer(file, trailer)
                        .flatMap(footer -> SchemaShape.of(footer, limits.nesting()))
                        .flatMap(this::beyond);
    }

    /** Whether a file that the engine can't read says itself that it is encrypted. */
    boolean isEncrypted(StagedObject file) {
        Trailer trailer = trailer(file);
        return trailer.footerBytes() <= limits.footerBytes()
                && footer(file, trailer).filter(SchemaShape::tellsOfEncryption).isPresent();
    }

    /** The last bytes of a file, and what they say of the length of its footer; 0 when it is no Parquet file. */
    private record Trailer(ByteBuffer tail, long footerBytes) {}

    private Trailer trailer(StagedObject file) {
        byte[] tail = tail(file, (int) Math.min(file.sizeBytes(), FIRST_READ_BYTES));
        int end = tail.length - TRAILER_BYTES;
        boolean isParquet = end >= 0
                && MAGIC.equals(
                        new String(tail, tail.length - MAGIC.length(), MAGIC.length(), StandardCharsets.US_ASCII));
        ByteBuffer bytes = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
        return new Trailer(bytes, isParquet ? bytes.getInt(end) & 0xffffffffL : 0);
    }

    private Optional<byte[]> footer(StagedObject file, Trailer trailer) {
        long wanted = trailer.footerBytes() + TRAILER_BYTES;
        if (trailer.footerBytes() == 0 || wanted > file.sizeBytes()) {
            return Optional.empty();
        }
        byte[] tail = trailer.tail().array();
        byte[] whole = wanted <= tail.length ? tail : tail(file, (int) wanted);
        return whole.length < wanted
                ? Optional.empty()
                : Optional.of(Arrays.copyOfRange(whole, (int) (whole.length - wanted), whole.length - TRAILER_BYTES));
    }

    private Optional<Quarantine> beyond(SchemaShape shape) {
        if (shape.nesting() > limits.nesting()) {
            return Optional.of(new Quarantine(
                    QuarantineReason.EXCEEDS_LIMIT,
                    "its columns are nested " + shape.nesting() + " levels deep or deeper, more than the "
                            + limits.nesting() + " that ingest.max-nesting allows"));
        }
        return shape.columns() > limits.columns()
                ? exceeded("schema", shape.columns(), "columns", "ingest.max-columns", limits.columns())
                : Optional.empty();
    }

    /** What the footer of a file is beyond, as the engine tells of it. */
    Optional<Quarantine> footer(Footer footer) {
        Footer.Extent extent = footer.extent();
        if (extent.footerBytes() > limits.footerBytes()) {
            return exceeded("footer", extent.footerBytes(), "bytes", "ingest.max-footer", limits.footerBytes());
        }
        if (footer.rows() > limits.rows()) {
            return exceeded("footer", footer.rows(), "rows", "ingest.max-file-rows", limits.rows());
        }
        if (extent.rowGroupRows() > limits.rowGroupRows()) {
            return exceeded(
                    "largest row group",
                    extent.rowGroupRows(),
                    "rows",
                    "ingest.max-row-group-rows",
                    limits.rowGroupRows());
        }
        return extent.rowGroupBytes() > limits.rowGroupBytes()
                ? exceeded(
                        "largest row group",
                        extent.rowGroupBytes(),
                        "bytes when it is decompressed",
                        "ingest.max-row-group",
                        limits.rowGroupBytes())
                : Optional.empty();
    }

    private static Optional<Quarantine> exceeded(String what, long has, String unit, String key, long allowed) {
        return Optional.of(new Quarantine(
                QuarantineReason.EXCEEDS_LIMIT,
                "its " + what + " has " + has + " " + unit + ", more than the " + allowed + " that " + key
                        + " allows"));
    }

    private byte[] tail(StagedObject file, int bytes) {
        try (InputStream in = staging.open(file.key(), file.sizeBytes() - bytes)) {
            return in.readNBytes(bytes);
        } catch (StorageException e) {
            boolean isTheSame = staging.find(file.key())
                    .filter(stored -> stored.sizeBytes() == file.sizeBytes())
                    .isPresent();
            if (isTheSame) {
                throw e;
            }
            // It went, or another one came: what the engine says of it decides.
            return new byte[0];
        } catch (IOException e) {
            throw new StorageException(
                    "the footer of the staged file " + file.key() + " can't be read from " + staging.root() + ": " + e
                            + "; it stays where it is and is tried again with the next ingest",
                    e);
        }
    }
}
