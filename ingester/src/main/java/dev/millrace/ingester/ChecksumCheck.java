package dev.millrace.ingester;

import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.lake.QuarantineReason;
import dev.millrace.schemas.FileChecksum;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/** Reads a staged file once and holds its bytes against the checksum that its writer has left in the footer. */
final class ChecksumCheck {
    private static final int TRAILER_BYTES = 8;
    private static final int BUFFER_BYTES = 131_072;

    private final ObjectStore staging;

    ChecksumCheck(ObjectStore staging) {
        this.staging = staging;
    }

    /**
     * Verifies.
     *
     * @param stated what the footer says
     * @param footerBytes the footer's length
     * @return why the file is refused; absent when its bytes are what they were, or it is not there any more
     */
    Optional<Quarantine> verify(StagedObject file, String stated, long footerBytes) {
        int tailBytes = Math.toIntExact(Math.min(file.sizeBytes(), footerBytes + TRAILER_BYTES));
        CRC32C checksum = new CRC32C();
        byte[] tail;
        try (InputStream in = staging.open(file.key())) {
            byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, file.sizeBytes())];
            for (long left = file.sizeBytes() - tailBytes; left > 0; ) {
                int read = in.readNBytes(buffer, 0, (int) Math.min(left, buffer.length));
                if (read == 0) {
                    return Optional.empty();
                }
                checksum.update(buffer, 0, read);
                left -= read;
            }
            tail = in.readNBytes(tailBytes);
        } catch (StorageException e) {
            if (staging.find(file.key()).isPresent()) {
                throw e;
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new StorageException(
                    "the staged file " + file.key() + " can't be read from " + staging.root() + ": " + e
                            + "; it stays where it is and is tried again with the next ingest",
                    e);
        }
        if (tail.length < tailBytes) {
            return Optional.empty();
        }
        OptionalInt digits = FileChecksum.digits(tail);
        if (digits.isEmpty()) {
            return mismatch(
                    "its footer was changed after it was written: the checksum in it is not where its writer puts it");
        }
        String written =
                new String(tail, digits.getAsInt(), FileChecksum.PLACEHOLDER.length(), StandardCharsets.US_ASCII);
        String found = FileChecksum.hex(checksum, tail, digits.getAsInt());
        return found.equals(written) && written.equals(stated)
                ? Optional.empty()
                : mismatch("it was changed after it was written: the checksum of its bytes is " + found
                        + ", and its footer says " + stated);
    }

    private static Optional<Quarantine> mismatch(String message) {
        return Optional.of(new Quarantine(QuarantineReason.CHECKSUM_MISMATCH, message));
    }
}
