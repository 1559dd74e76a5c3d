package dev.millrace.cli.rows;

import java.io.IOException;
import java.util.Optional;

/** The rows of one input, in its order and in constant memory. For one thread; closing it closes the input. */
public interface RowSource extends AutoCloseable {
    /**
     * The next row, or nothing at the end.
     *
     * @throws RowException when the row does not fit the contract; the source cannot be used any further
     * @throws IOException when the input cannot be read
     */
    Optional<Row> next() throws IOException;

    @Override
    void close() throws IOException;
}
