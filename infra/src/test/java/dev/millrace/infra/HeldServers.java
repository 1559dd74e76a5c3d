package dev.millrace.infra;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;

/** A program that holds servers and does nothing else: it prints where their state file is, and waits to be killed. */
final class HeldServers {
    private HeldServers() {}

    public static void main(String[] args) throws InterruptedException {
        try (LocalServers servers = LocalServers.start(EnumSet.of(Server.MINIO, Server.POSTGRES))) {
            System.out.println(stateFile(servers));
            new CountDownLatch(1).await();
        }
    }

    static Path stateFile(LocalServers servers) {
        String argument = servers.childArguments().get(0);
        return Path.of(argument.substring(argument.indexOf('=') + 1));
    }

    /** The child of this JVM that these servers are children of. */
    static ProcessHandle holder(Traces traces) {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.descendants().anyMatch(traces.processes()::contains))
                .findFirst()
                .orElseThrow();
    }
}
