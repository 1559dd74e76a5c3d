package dev.millrace.bench.concurrency;

/** The work of one process. It is made before the start signal is awaited, and runs once. For one thread. */
interface Task extends AutoCloseable {
    /** Works until it is told to stop and has brought to an end what it had begun, or until there is no more to do. */
    void run() throws InterruptedException;

    @Override
    void close();
}
