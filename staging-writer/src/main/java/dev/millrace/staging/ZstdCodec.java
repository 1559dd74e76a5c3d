package dev.millrace.staging;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Zstandard for Parquet pages, with one native context and the same buffers for all files of a writer: making those anew for every
 * page is most of what a small file costs. Each page ends with a checksum of its content, which any reader verifies while it decompresses. Not thread-safe; {@link #close()} frees the native memory.
 */
final class ZstdCodec implements CompressionCodecFactory, BytesInputCompressor, AutoCloseable {
    private static final int LEVEL = 3;

    private final ZstdCompressCtx context =
            new ZstdCompressCtx().setLevel(LEVEL).setChecksum(true);
    private final PageBytes uncompressed = new PageBytes();
    private byte[] compressed = new byte[0];

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        if (codec != CompressionCodecName.ZSTD) {
            throw new IllegalArgumentException("staged files are compressed with ZSTD only, not " + codec);
        }
        return this;
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("a writer reads nothing");
    }

    @Override
    public BytesInput compress(BytesInput page) throws IOException {
        uncompressed.reset();
        page.writeAllTo(uncompressed);
        int bound = Math.toIntExact(Zstd.compressBound(uncompressed.size()));
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        int size = context.compressByteArray(
                compressed, 0, compressed.length, uncompressed.array(), 0, uncompressed.size());
        return BytesInput.from(compressed, 0, size);
    }

    @Override
    public CompressionCodecName getCodecName() {
        return CompressionCodecName.ZSTD;
    }

    /** Does nothing: parquet calls this at the end of every file. */
    @Override
    public void release() {}

    @Override
    public void close() {
        context.close();
    }

    private static final class PageBytes extends ByteArrayOutputStream {
        byte[] array() {
            return buf;
        }
    }
}
