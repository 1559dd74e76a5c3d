package dev.millrace.cli;

import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;

/**
 * A way in which parquet-java writes pages and encodes values.
 *
 * @param number tells its rows from those of the others
 */
record ForeignWriter(String name, int number, UnaryOperator<ExampleParquetWriter.Builder> properties) {
    static final List<ForeignWriter> ALL = List.of(
            new ForeignWriter("plain", 0, builder -> builder.withWriterVersion(WriterVersion.PARQUET_1_0)
                    .withDictionaryEncoding(false)),
            new ForeignWriter("dictionary", 1, builder -> builder.withWriterVersion(WriterVersion.PARQUET_1_0)
                    .withDictionaryEncoding(true)),
            new ForeignWriter("delta-v2", 2, builder -> builder.withWriterVersion(WriterVersion.PARQUET_2_0)
                    .withDictionaryEncoding(false)),
            new ForeignWriter("dictionary-v2", 3, builder -> builder.withWriterVersion(WriterVersion.PARQUET_2_0)
                    .withDictionaryEncoding(true)),
            new ForeignWriter("byte-stream-split-v2", 4, builder -> builder.withWriterVersion(WriterVersion.PARQUET_2_0)
                    .withDictionaryEncoding(false)
                    .withByteStreamSplitEncoding(true)));
}
