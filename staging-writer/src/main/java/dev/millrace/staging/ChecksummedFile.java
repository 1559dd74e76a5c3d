package dev.millrace.staging;

import dev.millrace.schemas.FileChecksum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A new local file that gets the checksum of its bytes into its footer: what comes after {@link #holdTail()} is kept in memory, and
 * written when the file is closed, with the checksum in the place of {@link FileChecksum#PLACEHOLDER}. Not thread-safe.
 */
final class ChecksummedFile implements OutputFile {
    private static final int BUFFER_BYTES = 65_536;

    private final Path path;
    private final CRC32C checksum = new CRC32C();
    private ByteArrayOutputStream tail;

    ChecksummedFile(Path path) {
        this.path = path;
    }

    /** From now on comes what ends with the footer. */
    void holdTail() {
        tail = new ByteArrayOutputStream();
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return new Content(Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        return new Content(Files.newOutputStream(path));
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    @Override
    public String getPath() {
        return path.toString();
    }

    private final class Content extends PositionOutputStream {
        private final OutputStream out;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int buffered;
        private long position;
        private boolean closed;

        Content(OutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int b) throws IOException {
            if (tail != null) {
                tail.write(b);
            } else {
                if (buffered == buffer.length) {
                    drain();
                }
                buffer[buffered++] = (byte) b;
            }
            position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (tail != null) {
                tail.write(bytes, offset, length);
            } else if (length <= buffer.length - buffered) {
                System.arraycopy(bytes, offset, buffer, buffered, length);
                buffered += length;
            } else {
                drain();
                checksum.update(bytes, offset, length);
                out.write(bytes, offset, length);
            }
            position += length;
        }

        private void drain() throws IOException {
            checksum.update(buffer, 0, buffered);
            out.write(buffer, 0, buffered);
            buffered = 0;
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (out) {
                drain();
                if (tail != null) {
                    out.write(withChecksum(tail.toByteArray()));
                }
            }
        }

        private byte[] withChecksum(byte[] bytes) {
            FileChecksum.digits(bytes).ifPresent(at -> {
                byte[] digits = FileChecksum.hex(checksum, bytes, at).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(digits, 0, bytes, at, digits.length);
            });
            return bytes;
        }
    }
}
