package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Proves that a footer's columns and nesting are found without reading more than its bytes, whatever stands in them. */
class SchemaShapeTest {
    private static final Path CORPORA = Path.of("src/test/resources/parquet-testing");
    private static final int ALL = 1_000_000;

    @Test
    void columnsAndNestingAreCounted() throws IOException {
        assertThat(of(DeepParquet.nested(3))).contains(new SchemaShape(1, 3));
        assertThat(of(DeepParquet.wide(5_000))).contains(new SchemaShape(5_000, 0));
        assertThat(corpus("data/alltypes_plain.parquet")).contains(new SchemaShape(11, 0));
        assertThat(corpus("data/nested_lists.snappy.parquet")).contains(new SchemaShape(2, 6));
    }

    @Test
    void theCountOfLevelsStopsBeyondTheLimit() {
        assertThat(SchemaShape.of(footer(DeepParquet.nested(50_000)), 64)).contains(new SchemaShape(0, 65));
    }

    @Test
    void anythingElseIsNoFooterAndDoesNoHarm() throws IOException {
        byte[] footer = footer(Files.readAllBytes(CORPORA.resolve("data/nested_maps.snappy.parquet")));
        Random random = new Random(1);
        for (int round = 0; round < 20_000; round++) {
            byte[] fuzzed = Arrays.copyOf(footer, 1 + random.nextInt(footer.length));
            for (int flip = 0; flip < 5; flip++) {
                fuzzed[random.nextInt(fuzzed.length)] = (byte) random.nextInt();
            }
            SchemaShape.of(fuzzed, 64)
                    .ifPresent(shape -> assertThat(shape.columns()).isLessThan(fuzzed.length));
        }
        assertThat(SchemaShape.of(new byte[0], 64)).isEmpty();
        // A list of two thousand million elements.
        assertThat(SchemaShape.of(new byte[] {0x29, (byte) 0xfc, -1, -1, -1, -1, 7}, 64))
                .isEmpty();
    }

    private static Optional<SchemaShape> corpus(String name) throws IOException {
        return of(Files.readAllBytes(CORPORA.resolve(name)));
    }

    private static Optional<SchemaShape> of(byte[] file) {
        return SchemaShape.of(footer(file), ALL);
    }

    private static byte[] footer(byte[] file) {
        int end = file.length - 8;
        int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
        return Arrays.copyOfRange(file, end - length, end);
    }
}
