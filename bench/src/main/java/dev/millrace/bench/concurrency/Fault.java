package dev.millrace.bench.concurrency;

/** What a soak does to the processes and servers of a run. */
enum Fault {
    KILL_PRODUCER("SIGKILL of a producer, which is started anew"),
    KILL_INGESTER("SIGKILL of an ingester, which is started anew"),
    KILL_COMPACTOR("SIGKILL of the compactor, which is started anew"),
    KILL_READER("SIGKILL of a reader, which is started anew"),
    SUSPEND_PRODUCER("SIGSTOP of a producer, then SIGCONT"),
    SUSPEND_INGESTER("SIGSTOP of an ingester for longer than its lease, then SIGCONT"),
    SUSPEND_COMPACTOR("SIGSTOP of the compactor for longer than its lease, then SIGCONT"),
    RESTART_POSTGRES("SIGKILL of PostgreSQL, which is started anew"),
    RESTART_MINIO("SIGKILL of MinIO, which is started anew");

    private final String description;

    Fault(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    boolean isOfServers() {
        return this == RESTART_POSTGRES || this == RESTART_MINIO;
    }
}
