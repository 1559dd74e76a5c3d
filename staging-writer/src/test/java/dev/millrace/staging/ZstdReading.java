package dev.millrace.staging;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Lets parquet's reader read Zstandard pages without Hadoop's runtime, which its own codecs need. */
final class ZstdReading implements CompressionCodecFactory, BytesInputDecompressor {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("a reader writes nothing");
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return this;
    }

    @Override
    public BytesInput decompress(BytesInput page, int sizeBytes) throws IOException {
        byte[] compressed = page.toInputStream().readAllBytes();
        byte[] bytes = new byte[sizeBytes];
        Zstd.decompress(bytes, compressed);
        return BytesInput.from(bytes);
    }

    @Override
    public void decompress(ByteBuffer input, int compressedBytes, ByteBuffer output, int sizeBytes) {
        byte[] compressed = new byte[compressedBytes];
        input.get(compressed);
        output.put(Zstd.decompress(compressed, sizeBytes));
    }

    @Override
    public void release() {}
}
