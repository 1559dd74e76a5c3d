package dev.millrace.ingester;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How wide and how deep the schema of a Parquet file is, read from its footer in memory and time that grow with nothing but the footer's
 * length: for footers that the engine must not see. Pure.
 *
 * <p>A footer is a struct {@code FileMetaData} in Thrift's compact protocol, and its field 2 the list of {@code SchemaElement}s, parents
 * before their children, each with its {@code num_children} as field 5 (parquet-format, parquet.thrift).
 *
 * @param columns elements without children
 * @param nesting the most groups around one of them, without the root; counted up to one more than was asked for
 */
record SchemaShape(int columns, int nesting) {
    private static final int SCHEMA = 2;
    private static final int ENCRYPTION = 8;
    private static final int NUM_CHILDREN = 5;
    private static final int MAX_SKIPPED_LEVELS = 32;

    private static final int STOP = 0;
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int I16 = 4;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int DOUBLE = 7;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int SET = 10;
    private static final int MAP = 11;
    private static final int STRUCT = 12;

    /**
     * Reads a footer.
     *
     * @param upToNesting where it may stop to count
     * @return absent when it is no such footer
     */
    static Optional<SchemaShape> of(byte[] footer, int upToNesting) {
        try {
            return new Reader(ByteBuffer.wrap(footer), upToNesting).shape();
        } catch (BufferUnderflowException | MalformedException e) {
            return Optional.empty();
        }
    }

    /** Whether a footer that can be read says that columns of the file are encrypted: field 8, {@code encryption_algorithm}. */
    static boolean tellsOfEncryption(byte[] footer) {
        try {
            return new Reader(ByteBuffer.wrap(footer), 0).has(ENCRYPTION);
        } catch (BufferUnderflowException | MalformedException e) {
            return false;
        }
    }

    private static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Reader {
        private final ByteBuffer in;
        private final int upToNesting;
        private int field;
        private int type;

        Reader(ByteBuffer in, int upToNesting) {
            this.in = in;
            this.upToNesting = upToNesting;
        }

        Optional<SchemaShape> shape() {
            field = 0;
            while (nextField()) {
                if (field == SCHEMA && type == LIST) {
                    return Optional.of(elements());
                }
                skip(type, 0);
            }
            return Optional.empty();
        }

        boolean has(int wanted) {
            field = 0;
            while (nextField()) {
                if (field == wanted) {
                    return true;
                }
                skip(type, 0);
            }
            return false;
        }

        private SchemaShape elements() {
            int count = listSize();
            Deque<Integer> open = new ArrayDeque<>();
            int columns = 0;
            int deepest = 0;
            for (int element = 0; element < count && deepest <= upToNesting; element++) {
                int children = children();
                while (!open.isEmpty() && open.peek() == 0) {
                    open.pop();
                }
                if (!open.isEmpty()) {
                    open.push(open.pop() - 1);
                }
                if (children > 0) {
                    open.push(children);
                } else if (element > 0) {
                    columns++;
                }
                // The root is one of the open groups.
                deepest = Math.max(deepest, open.size() - 1);
            }
            return new SchemaShape(columns, deepest);
        }

        private int listSize() {
            int header = in.get() & 0xff;
            if ((header & 0xf) != STRUCT) {
                throw new MalformedException();
            }
            int size = header >> 4;
            return size == 15 ? bounded(varint()) : size;
        }

        private int children() {
            int children = 0;
            field = 0;
            while (nextField()) {
                if (field == NUM_CHILDREN && type == I32) {
                    children = (int) zigzag(varint());
                } else {
                    skip(type, 0);
                }
            }
            return children;
        }

        /** Whether the struct has one more field. */
        private boolean nextField() {
            int header = in.get() & 0xff;
            type = header & 0xf;
            if (type == STOP) {
                return false;
            }
            int delta = header >> 4;
            field = delta == 0 ? (int) zigzag(varint()) : field + delta;
            return true;
        }

        private void skip(int what, int level) {
            if (level > MAX_SKIPPED_LEVELS) {
                throw new MalformedException();
            }
            switch (what) {
                case TRUE, FALSE -> {}
                case BYTE -> move(1);
                case I16, I32, I64 -> varint();
                case DOUBLE -> move(Double.BYTES);
                case BINARY -> move(bounded(varint()));
                case LIST, SET -> skipList(level);
                case MAP -> skipMap(level);
                case STRUCT -> skipStruct(level);
                default -> throw new MalformedException();
            }
        }

        private void skipList(int level) {
            int header = in.get() & 0xff;
            int size = header >> 4;
            if (size == 15) {
                size = bounded(varint());
            }
            for (int i = 0; i < size; i++) {
                skipElement(header & 0xf, level);
            }
        }

        private void skipMap(int level) {
            int size = bounded(varint());
            int types = size == 0 ? 0 : in.get() & 0xff;
            for (int i = 0; i < size; i++) {
                skipElement(types >> 4, level);
                skipElement(types & 0xf, level);
            }
        }

        /** Other than a field, a truth in a list takes a byte. */
        private void skipElement(int what, int level) {
            skip(what == TRUE || what == FALSE ? BYTE : what, level + 1);
        }

        private void skipStruct(int level) {
            for (int header = in.get() & 0xff; (header & 0xf) != STOP; header = in.get() & 0xff) {
                if (header >> 4 == 0) {
                    varint();
                }
                skip(header & 0xf, level + 1);
            }
        }

        private void move(int bytes) {
            if (bytes > in.remaining()) {
                throw new MalformedException();
            }
            in.position(in.position() + bytes);
        }

        /** No list and no text has more elements than there are bytes left. */
        private int bounded(long number) {
            if (number < 0 || number > in.remaining()) {
                throw new MalformedException();
            }
            return (int) number;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                byte next = in.get();
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new MalformedException();
        }

        private static long zigzag(long number) {
            return (number >>> 1) ^ -(number & 1);
        }
    }
}
