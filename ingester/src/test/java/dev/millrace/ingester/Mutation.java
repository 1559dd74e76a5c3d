package dev.millrace.ingester;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** What can happen to the bytes of a Parquet file. */
enum Mutation {
    TRUNCATED {
        @Override
        byte[] of(byte[] file, Random random) {
            return Arrays.copyOf(file, random.nextInt(file.length));
        }
    },
    BITS_FLIPPED {
        @Override
        byte[] of(byte[] file, Random random) {
            byte[] changed = file.clone();
            for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            }
            return changed;
        }
    },
    FOOTER_FUZZED {
        @Override
        byte[] of(byte[] file, Random random) {
            byte[] changed = file.clone();
            int end = file.length - 8;
            int begin =
                    end - ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
            for (int bytes = 1 + random.nextInt(8); bytes > 0; bytes--) {
                changed[begin + random.nextInt(end - begin)] = (byte) random.nextInt();
            }
            return changed;
        }
    },
    LENGTH_LIES {
        @Override
        byte[] of(byte[] file, Random random) {
            byte[] changed = file.clone();
            int lie = random.nextBoolean() ? random.nextInt() : random.nextInt(2 * file.length);
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(file.length - 8, lie);
            return changed;
        }
    },
    BLOCK_LOST {
        @Override
        byte[] of(byte[] file, Random random) {
            byte[] changed = file.clone();
            int begin = random.nextInt(file.length);
            Arrays.fill(changed, begin, Math.min(file.length, begin + 1 + random.nextInt(64)), (byte) 0);
            return changed;
        }
    };

    /** Another content, which by chance can be the same. */
    abstract byte[] of(byte[] file, Random random);
}
