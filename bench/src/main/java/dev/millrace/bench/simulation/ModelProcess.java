package dev.millrace.bench.simulation;

/** A process of the model: what the real one's worker tells of. */
record ModelProcess(String host, int pid) {
    @Override
    public String toString() {
        return host + "-" + pid;
    }
}
