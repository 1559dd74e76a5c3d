package dev.millrace.ingester;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Parquet files without rows whose schema is one value within groups within groups, or many values side by side. */
final class DeepParquet {
    private static final int I32 = 5;
    private static final int REQUIRED = 0;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private DeepParquet() {}

    static byte[] nested(int levels) {
        DeepParquet file = new DeepParquet();
        file.beginSchema(levels + 2);
        for (int level = 0; level <= levels; level++) {
            file.group(1);
        }
        file.value();
        return file.whole();
    }

    static byte[] wide(int columns) {
        DeepParquet file = new DeepParquet();
        file.beginSchema(columns + 1);
        file.group(columns);
        for (int column = 0; column < columns; column++) {
            file.value();
        }
        return file.whole();
    }

    private void beginSchema(int elements) {
        // Field 1, version; field 2, a list of structs.
        write(0x10 | I32, 2, 0x19, 0xfc);
        varint(elements);
    }

    /** Fields 3 repetition_type, 4 name, 5 num_children. */
    private void group(int children) {
        write(0x30 | I32, REQUIRED, 0x18, 1, 'g', 0x10 | I32);
        varint(children << 1);
        write(0);
    }

    /** Fields 1 type (INT32), 3 repetition_type, 4 name. */
    private void value() {
        write(0x10 | I32, 2, 0x20 | I32, REQUIRED, 0x18, 1, 'v', 0);
    }

    /** Field 3, num_rows; field 4, no row groups. */
    private byte[] whole() {
        write(0x16, 0, 0x19, 0x0c, 0);
        byte[] footer = out.toByteArray();
        byte[] magic = "PAR1".getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(footer.length + 12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(magic)
                .put(footer)
                .putInt(footer.length)
                .put(magic)
                .array();
    }

    private void varint(int number) {
        int rest = number;
        while (rest > 0x7f) {
            write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        write(rest);
    }

    private void write(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
    }
}
